import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessCalls } from '../native/processCalls';
import { descendants, type Orphan, type ProcessInfo, type ProcessLookup } from './processLookup';

/** So many are looked at in one step: at most a millisecond. */
const STEP = 64;
/** Whoever ends while its parent's children are listed can hide another one, so they are listed until two agree. */
const LISTED_AT_MOST = 5;

/** Positions in /proc/PID/stat behind the name, see proc(5); the name itself may hold blanks and brackets. */
const FIELD = { state: 0, ppid: 1, pgid: 2, sid: 3, tpgid: 5, start: 19 };

/** Reads /proc/PID/stat; undefined for anything that is not one. Starts count in clock ticks since boot. */
export function parseStat(text: string): (ProcessInfo & { readonly tpgid: number }) | undefined {
  const nameEnd = text.lastIndexOf(')');
  const fields = text.slice(nameEnd + 2).split(' ');
  const number = (index: number): number => Number(fields[index] ?? NaN);
  const pid = Number.parseInt(text, 10);
  const start = number(FIELD.start);
  if (nameEnd < 0 || Number.isNaN(pid) || Number.isNaN(start)) return undefined;
  const state = fields[FIELD.state];
  return {
    pid,
    ppid: number(FIELD.ppid),
    pgid: number(FIELD.pgid),
    sid: number(FIELD.sid),
    tpgid: number(FIELD.tpgid),
    start,
    zombie: state === 'Z' || state === 'X',
  };
}

/** How /proc is looked at. */
export interface ProcfsOptions {
  readonly root?: string;
  /** What is quicker than /proc, and tells marks. */
  readonly calls?: ProcessCalls | undefined;
  /** Whose orphans count: those of this process's children, or everybody's. */
  readonly of?: 'children' | 'all';
}

/** Linux: the /proc file system. */
export class Procfs implements ProcessLookup {
  readonly #root: string;
  readonly #calls: ProcessCalls | undefined;
  readonly #of: 'children' | 'all';

  constructor({ root = '/proc', calls, of = 'children' }: ProcfsOptions = {}) {
    this.#root = root;
    this.#calls = calls;
    this.#of = of;
  }

  one(pid: number): ReturnType<typeof parseStat> {
    const text = this.#read(`${pid}/stat`);
    return text === undefined ? undefined : parseStat(text);
  }

  under(pid: number): readonly ProcessInfo[] {
    const found: ProcessInfo[] = [];
    const seen = new Set([pid]);
    const queue = [pid];
    for (let parent = queue.pop(); parent !== undefined; parent = queue.pop()) {
      const children = this.#children(parent);
      // The kernel was built without that file: look at everything instead.
      if (!children) return descendants(this.#all(), pid);
      for (const child of children) {
        if (seen.has(child)) continue;
        seen.add(child);
        const info = this.one(child);
        if (info?.ppid !== parent) continue;
        found.push(info);
        queue.push(child);
      }
    }
    return found;
  }

  *orphans(): Generator<void, readonly Orphan[]> {
    const found: Orphan[] = [];
    let looked = 0;
    for (const pid of this.#orphans()) {
      if (++looked % STEP === 0) yield;
      const orphan = this.#orphan(pid);
      if (orphan) found.push(orphan);
    }
    return found;
  }

  startOfNew(pid: number): number | undefined {
    return this.one(pid)?.start;
  }

  sameStart(a: number, b: number): boolean {
    return a === b;
  }

  foregroundGroup(pid: number): number | undefined {
    const group = this.one(pid)?.tpgid;
    return group !== undefined && group > 1 ? group : undefined;
  }

  command(pid: number): string {
    const line = this.#read(`${pid}/cmdline`)?.replace(/\0+$/, '').replaceAll('\0', ' ');
    if (line) return line;
    const name = this.#read(`${pid}/comm`)?.trimEnd();
    return name ? `[${name}]` : `pid ${pid}`;
  }

  #orphan(pid: number): Orphan | undefined {
    if (!this.#calls) {
      const info = this.one(pid);
      return info && { pid, sid: info.sid, pgid: info.pgid, marks: [] };
    }
    const sid = this.#calls.sessionOf(pid);
    return sid === undefined ? undefined : { pid, sid, pgid: undefined, marks: this.#calls.marksOf(pid) };
  }

  /** Orphans become children of one of this process's ancestors, the first process at last. */
  #orphans(): number[] {
    if (this.#of === 'all') return this.#pids();
    const found: number[] = [];
    for (const [parent, isFirstThreadGone] of this.#ancestors()) {
      const children = this.#settled(() =>
        isFirstThreadGone ? this.#children(parent, 'visible') : this.#childrenOf(`${parent}/task/${parent}`),
      );
      // Not to be seen: another way to mount /proc, or another kernel.
      if (!children) return this.#pids();
      found.push(...children);
    }
    return found;
  }

  /**
   * With whether the first thread has gone: the kernel gives orphans to the first one that lives. This process itself
   * only where it is the first one: elsewhere its children are not orphans.
   */
  #ancestors(): Map<number, boolean> {
    const found = new Map([[1, this.one(1)?.zombie === true]]);
    for (let parent = this.one(process.pid)?.ppid; parent !== undefined && parent > 1;) {
      const info = found.has(parent) ? undefined : this.one(parent);
      if (info) found.set(parent, info.zombie);
      parent = info?.ppid;
    }
    return found;
  }

  #settled(list: () => number[] | undefined): number[] | undefined {
    let last = '';
    for (let listed = 0; listed < LISTED_AT_MOST; listed += 1) {
      const children = list();
      if (!children) return undefined;
      const text = children.join();
      if (text === last) return children;
      last = text;
    }
    return list();
  }

  /** The children of all threads of `pid`; undefined if the kernel does not tell; empty, or not `visible`, if it is gone. */
  #children(pid: number, what: 'visible' | 'any' = 'any'): number[] | undefined {
    let threads: string[];
    try {
      threads = readdirSync(`${this.#root}/${pid}/task`);
    } catch {
      return what === 'visible' ? undefined : [];
    }
    let told = threads.length === 0;
    const pids = threads.flatMap((thread) => {
      const children = this.#childrenOf(`${pid}/task/${thread}`);
      told ||= children !== undefined;
      return children ?? [];
    });
    // All gone between the two looks, or no such file at all.
    return told || this.one(pid) === undefined ? pids : undefined;
  }

  /** Those of one thread; undefined if it is gone or the kernel does not tell. */
  #childrenOf(thread: string): number[] | undefined {
    return this.#read(`${thread}/children`)?.split(' ').filter(Boolean).map(Number);
  }

  #all(): ProcessInfo[] {
    return this.#pids().flatMap((pid) => this.one(pid) ?? []);
  }

  #pids(): number[] {
    try {
      return readdirSync(this.#root)
        .filter((name) => /^\d+$/.test(name))
        .map(Number);
    } catch {
      return [];
    }
  }

  /** A file of /proc as UTF-8: so are most commands, and Node reads it in one step. Undefined where it cannot be read. */
  #read(path: string): string | undefined {
    try {
      return readFileSync(`${this.#root}/${path}`, 'utf8');
    } catch {
      return undefined;
    }
  }
}
