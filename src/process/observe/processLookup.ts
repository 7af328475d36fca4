/** One process as the system shows it. */
export interface ProcessInfo {
  readonly pid: number;
  readonly ppid: number;
  readonly pgid: number;
  /** Its session, where the system tells. */
  readonly sid: number | undefined;
  /** When it started, in the platform's own unit: together with the pid its identity. */
  readonly start: number;
  /** Dead already, only not yet collected by its parent. */
  readonly zombie: boolean;
}

/** What a look at those who may have lost their parents tells about each. */
export interface Orphan {
  readonly pid: number;
  readonly sid: number | undefined;
  /** Asked only where there is no session. */
  readonly pgid: number | undefined;
  /** The marks of process trees that it carries; none where the system has no such thing. */
  readonly marks: readonly number[];
}

/** Sees the processes of this machine; one for each platform. Never throws. */
export interface ProcessLookup {
  one(pid: number): ProcessInfo | undefined;
  /** The descendants of `pid`, as of now; empty if it is gone. */
  under(pid: number): readonly ProcessInfo[];
  /** Who may have lost the parent that started it, in steps of less than a millisecond each where the system allows. */
  orphans(): Generator<void, readonly Orphan[]>;
  /** The start of a child that was started just now, undefined if it is gone. */
  startOfNew(pid: number): number | undefined;
  /** Whether two starts are the same within what the platform can tell. */
  sameStart(a: number, b: number): boolean;
  /** The foreground process group of the terminal of `pid`. */
  foregroundGroup(pid: number): number | undefined;
  /** Program and arguments for people, the pid if unknown. */
  command(pid: number): string;
}

/** Everything in `list` that descends from `root` by parent ids; `root` itself not. */
export function descendants(list: readonly ProcessInfo[], root: number): ProcessInfo[] {
  const children = new Map<number, ProcessInfo[]>();
  for (const info of list) {
    const siblings = children.get(info.ppid);
    if (siblings) siblings.push(info);
    else children.set(info.ppid, [info]);
  }
  const found: ProcessInfo[] = [];
  const seen = new Set([root]);
  const queue = [root];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    for (const child of children.get(pid) ?? []) {
      if (seen.has(child.pid)) continue;
      seen.add(child.pid);
      found.push(child);
      queue.push(child.pid);
    }
  }
  return found;
}
