import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { InputLook, InputOf } from './inputLook';
import { thisMachine } from './thisMachine';
import { sleepsIn } from './waitCalls';

/** Bounds on one look. */
const MOST_PROCESSES = 64;
const MOST_THREADS = 64;

/** In which functions of the kernel a thread sleeps that reads, where the call itself is not told. */
const READING = /^(?:n_tty_read|tty_read|anon_pipe_read|pipe_read|pipe_wait(?:_readable)?)$/;

type Wait = InputLook['wait'];
const STRENGTH: readonly Wait[] = ['none', 'hidden', 'polls', 'reads'];

/** Linux: by what the threads of those sleep in who can read the input; in a terminal, of the foreground. */
export function findInput(input: InputOf): InputLook {
  const pids = readers(input);
  const isInput = inputTest(input);
  let best: { wait: Wait; pid: number } = { wait: 'none', pid: input.pid };
  for (const pid of pids) {
    const wait = waitOf(pid, isInput);
    // What works on is what the others wait for.
    if (wait === 'busy') continue;
    if (STRENGTH.indexOf(wait) > STRENGTH.indexOf(best.wait)) best = { wait, pid };
    if (wait === 'reads') break;
  }
  if (best.wait === 'none') return { wait: 'none' };
  const argv = text(`${best.pid}/cmdline`).replace(/\0+$/, '').split('\0');
  return { wait: best.wait, reader: { pid: best.pid, name: text(`${best.pid}/comm`).trimEnd(), argv } };
}

function readers({ pid, tty }: InputOf): number[] {
  const { lookup } = thisMachine();
  const leader = lookup.one(pid);
  if (!leader) return [];
  const group = tty ? (lookup.foregroundGroup(pid) ?? leader.pgid) : undefined;
  return [leader, ...lookup.under(pid)]
    .filter((info) => !info.zombie && (group === undefined || info.pgid === group))
    .slice(0, MOST_PROCESSES)
    .map((info) => info.pid);
}

/** Tells the process's own input from other files. */
function inputTest({ pid, tty, terminal }: InputOf): (file: string) => boolean {
  let stdin = terminal;
  try {
    stdin ??= readlinkSync(`/proc/${pid}/fd/0`);
  } catch {
    // Another user's, or gone.
  }
  return (file) => file === stdin || (tty && file === '/dev/tty');
}

function waitOf(pid: number, isInput: (file: string) => boolean): Wait | 'busy' {
  let best: Wait | 'busy' = 'busy';
  for (const tid of threads(pid)) {
    const wait = waitOfThread(pid, tid, isInput);
    if (wait === 'reads') return wait;
    if (wait !== 'none') best = wait;
  }
  return best;
}

function waitOfThread(pid: number, tid: number, isInput: (file: string) => boolean): Wait {
  try {
    const sleep = sleepsIn(pid, tid);
    if (!sleep?.fds.some((fd) => fd >= 0 && isInput(readlinkSync(`/proc/${pid}/fd/${fd}`)))) return 'none';
    return sleep.call === 'read' ? 'reads' : 'polls';
  } catch {
    // Of another user, or under a stricter rule of the system.
    const wchan = text(`${pid}/task/${tid}/wchan`);
    if (READING.test(wchan)) return 'polls';
    return wchan.length <= 1 && /\) S /.test(text(`${pid}/task/${tid}/stat`)) ? 'hidden' : 'none';
  }
}

/** The first one first. */
function threads(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).slice(0, MOST_THREADS).map(Number);
  } catch {
    return [];
  }
}

/** Empty where it cannot be read. */
function text(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}
