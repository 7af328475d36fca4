import { isMainThread } from 'node:worker_threads';
import { checkedLibc } from '../native/checkedLibc';
import type { Libc } from '../native/libc';
import { loadNativePty, loadWindowsPty } from '../native/nodePty';
import { processCalls } from '../native/processCalls';
import type { Launcher } from './launcher';
import { NodeLauncher } from './nodeLauncher';
import { findPosixLauncher } from './posixLauncher';
import { firstLineOf } from '../../values';

/** What processes are made with, but for Windows. */
export interface Platform {
  /** On Linux only, where it can be used. */
  readonly libc: Libc | undefined;
  readonly launcher: Launcher;
  /** What is done in another way than it should be, and what is lost by that: a sentence each, for the log. */
  readonly losses: readonly string[];
}

/** Brings it; replaced in tests. */
export type PlatformLoader = () => Platform;

let loaded: Platform | undefined;

/**
 * The best that this system can do, found at the first call in this process: the system's own calls; Node and node-pty;
 * pipes alone.
 */
export const loadPlatform: PlatformLoader = () => (loaded ??= choose());

function choose(): Platform {
  const native = process.platform === 'linux' ? checkedLibc() : undefined;
  const libc = native && 'libc' in native ? native.libc : undefined;
  const posix = libc && findPosixLauncher(libc);
  if (posix) return { libc, launcher: posix, losses: processCalls() ? [] : [NO_MARKS] };
  const losses = [
    ...lossesOfNode(native && 'problem' in native ? native.problem : undefined, libc),
    ...lossOfPty(),
  ];
  return { libc, launcher: new NodeLauncher(libc, loadNativePty), losses };
}

const NO_MARKS =
  'The C library has no calls for the limits and descriptors of processes. What is lost: a kill does not find what has ' +
  'left its process tree.';
const SLOW_STARTS = 'the more memory this process has, the longer a start takes';

/** On macOS it is the one way there is. */
function lossesOfNode(problem: string | undefined, libc: Libc | undefined): string[] {
  if (problem !== undefined)
    return [
      `The system's own calls cannot be used (${problem}), so Node and node-pty start the programs. What is lost: ` +
        'no command can be confined, so one that asks for a sandbox is refused; a program cannot open /dev/stdout or ' +
        '/dev/stderr on its pipes, which are sockets; a kill does not find what has left its process tree; who is at ' +
        'the other end of the private socket cannot be told, so its folder alone keeps others out; programs inherit ' +
        `the terminals that were open when they started; ${SLOW_STARTS}.`,
    ];
  if (!libc) return [];
  const why = isMainThread ? 'the C library is too old' : 'this is a worker thread';
  return [`Node and node-pty start the programs, because ${why}. What is lost: ${SLOW_STARTS}.`];
}

function lossOfPty(): string[] {
  try {
    if (process.platform === 'win32') loadWindowsPty();
    else loadNativePty();
    return [];
  } catch (error) {
    const reason = firstLineOf(error);
    return [
      `node-pty cannot be used (${reason}). What is lost: terminals (tty: true). Pipes (tty: false) work.`,
    ];
  }
}
