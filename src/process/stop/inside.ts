import type { ProcessInfo, ProcessLookup } from '../observe/processLookup';

/** What runs inside of a bubblewrap. */
export interface Inside {
  /** The first process of its namespace, which is bubblewrap's and takes no signal but a kill. */
  readonly init: number;
  /** The command that it was given. */
  readonly command: number;
  /** The process group of the command; undefined as long as that has none of its own. */
  readonly group: number | undefined;
}

/** Undefined while it is being set up, and once the command has ended. */
export function insideOf(leader: number, lookup: ProcessLookup): Inside | undefined {
  const all = lookup.under(leader).filter(({ zombie }) => !zombie);
  const init = all.find(({ ppid }) => ppid === leader);
  if (!init) return undefined;
  // Those that lost their parents are its children too, but younger.
  const command = all
    .filter(({ ppid }) => ppid === init.pid)
    .reduce<ProcessInfo | undefined>(older, undefined);
  if (!command) return undefined;
  const group = [init.pgid, command.pgid].find((pgid) => pgid !== leader);
  return { init: init.pid, command: command.pid, group };
}

function older(one: ProcessInfo | undefined, other: ProcessInfo): ProcessInfo {
  if (!one) return other;
  const isOlder = other.start < one.start || (other.start === one.start && other.pid < one.pid);
  return isOlder ? other : one;
}

/** To the group of the command, or to the command alone. */
export function sendInside({ command, group }: Inside, signal: NodeJS.Signals): void {
  sendToGroup(group ?? -command, signal);
}

/** A negative number is a single process. */
export function sendToGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // Gone already, or nobody in it is ours to stop: those will be named as survivors.
  }
}
