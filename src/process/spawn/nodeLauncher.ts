import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { ChildExit } from '../child';
import { checkFormat } from './execFormat';
import { checkFolder, checkProgram, waitForDisks } from './findProgram';
import {
  environStrings,
  type ChildEnd,
  type Launched,
  type LaunchedInTerminal,
  type LaunchSpec,
  type Launcher,
} from './launcher';
import { reach } from './interpreters';
import type { Libc } from '../native/libc';
import type { PtyLoader } from '../native/nodePty';
import { orNoTerminals } from '../native/orNoTerminals';
import { withArg0 } from './arg0';
import { newborn, withNewMark } from '../observe/newborn';
import { SpawnError, toSpawnError } from '../errors';
import { DEFAULT_SIZE, type SpawnSpec } from '../types';
import { messageOf } from '../../values';

/** Starts programs as Node and node-pty do: on macOS, on an old Linux, in a worker thread. */
export class NodeLauncher implements Launcher {
  constructor(
    private readonly libc: Libc | undefined,
    private readonly loadPty: PtyLoader,
  ) {}

  async launch(spec: LaunchSpec, stdio: readonly [ChildEnd, number, number]): Promise<Launched> {
    return launchByNode(spec, [...stdio, ...(spec.more ?? [])]);
  }

  /** Node-pty's native part without its JavaScript, which adds PWD and TERM and loses the last bytes at the exit. */
  async launchInTerminal(spec: LaunchSpec): Promise<LaunchedInTerminal> {
    if (spec.leavesTerminal)
      throw new SpawnError(
        'A terminal in a sandbox needs the C library of a newer Linux (glibc 2.29 or musl 1.1.24), and the main thread of this server: use pipes (tty: false).',
      );
    const { native, helperPath } = orNoTerminals('node-pty', this.loadPty);
    await checkFolder(spec.cwd);
    const path = await checkProgram(spec);
    if (process.platform === 'linux') await checkFormat(path);
    const [file = '', ...args] = await withArg0(spec);
    await reach(path, spec.cwd);
    const { rows, cols } = spec.size ?? DEFAULT_SIZE;
    let onExit: (exit: ChildExit) => void = () => undefined;
    const exit = new Promise<ChildExit>((resolve) => {
      onExit = resolve;
    });
    const ended = (code: number, signal: number): void => {
      onExit(signal > 0 ? { code: null, signal } : { code, signal: null });
    };
    try {
      const env = environStrings(spec.env);
      const { started, mark } = withNewMark(() =>
        native.fork(file, args, env, spec.cwd, cols, rows, -1, -1, true, helperPath, ended),
      );
      const { fd, pid, pty } = started;
      // On Linux node-pty leaves it open for every later child. macOS closes all such by itself.
      this.libc?.closeOnExec(fd);
      const resize: LaunchedInTerminal['resize'] = (size) => native.resize(fd, size.cols, size.rows, 0, 0);
      return { ...newborn(pid, mark), fd, path: pty, exit, resize };
    } catch (error) {
      const reason = messageOf(error);
      throw new SpawnError(`No terminal could be opened: ${reason}`);
    }
  }
}

/** Node's child with its streams, where it made any. Rejects with a SpawnError. */
export async function launchByNode(
  spec: SpawnSpec,
  stdio: (number | 'ignore' | 'pipe')[],
): Promise<Launched & { child: ReturnType<typeof spawn> }> {
  const [file = '', ...args] = spec.argv;
  await waitForDisks(spec);
  if (process.platform === 'linux') await checkFirst(spec);
  try {
    const { started: child, mark } = withNewMark(() =>
      spawn(file, args, {
        argv0: spec.arg0 ?? file,
        cwd: spec.cwd,
        env: { ...spec.env },
        stdio,
        // On POSIX: setsid. On Windows it would open a console window instead.
        detached: process.platform !== 'win32',
        windowsHide: true,
      }),
    );
    const exit = new Promise<ChildExit>((resolve) => {
      child.once('exit', (code, signal) => {
        resolve({ code, signal: signal ? constants.signals[signal] : null });
      });
    });
    const { pid } = child;
    if (pid === undefined) {
      const [error] = (await once(child, 'error')) as [Error];
      throw error;
    }
    // Later ones (a kill that failed) are nobody's news.
    child.on('error', () => undefined);
    return { ...newborn(pid, mark), exit, child };
  } catch (error) {
    throw toSpawnError(error);
  }
}

/** Node runs by a shell whatever is no program. What else is wrong it says itself. */
async function checkFirst(spec: SpawnSpec): Promise<void> {
  let path: string;
  try {
    path = await checkProgram(spec);
  } catch {
    return;
  }
  await checkFormat(path);
}
