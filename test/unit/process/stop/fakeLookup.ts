import {
  descendants,
  type Orphan,
  type ProcessInfo,
  type ProcessLookup,
} from '../../../../src/process/observe/processLookup';

/** A process that leads a group and session of its own, unless told otherwise. */
export function info(pid: number, ppid: number, more: Partial<ProcessInfo> = {}): ProcessInfo {
  return { pid, ppid, pgid: pid, sid: pid, start: pid * 10, zombie: false, ...more };
}

/** A machine on which run the processes that a test says. */
export class FakeLookup implements ProcessLookup {
  list: ProcessInfo[] = [];
  marks = new Map<number, number>();
  one = (pid: number): ProcessInfo | undefined => this.list.find((item) => item.pid === pid);
  under = (pid: number): ProcessInfo[] => descendants(this.list, pid);
  *orphans(): Generator<void, readonly Orphan[]> {
    yield;
    return this.list.map(({ pid, sid, pgid }) => ({ pid, sid, pgid, marks: [this.marks.get(pid) ?? 0] }));
  }
  startOfNew = (pid: number): number | undefined => this.one(pid)?.start;
  sameStart = (a: number, b: number): boolean => a === b;
  foregroundGroup = (): undefined => undefined;
  command = (pid: number): string => `command of ${pid}`;
}

/** Numbers that no process of a test machine has. */
export const FAR = 2_000_000_000;
export const MARK = 77;
