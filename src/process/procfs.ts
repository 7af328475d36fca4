import { readdirSync, readFileSync } from 'node:fs';
import { descendants, type ProcessInfo, type ProcessLookup } from './processLookup';

/** For how long one look at everything serves, in ms: stopping many processes asks for it again and again. */
const FRESH_MS = 4;

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

/** Linux: the /proc file system. */
export class Procfs implements ProcessLookup {
  #all: readonly ProcessInfo[] = [];
  #seenAt = -Infinity;

  constructor(private readonly root = '/proc') {}

  all(): readonly ProcessInfo[] {
    if (performance.now() - this.#seenAt < FRESH_MS) return this.#all;
    this.#all = this.#pids().flatMap((pid) => this.one(pid) ?? []);
    this.#seenAt = performance.now();
    return this.#all;
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
      if (!children) return descendants(this.all(), pid);
      for (const child of children) {
        if (seen.has(child)) continue;
        seen.add(child);
        queue.push(child);
        const info = this.one(child);
        if (info) found.push(info);
      }
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

  /** The children of all threads of `pid`; undefined if the kernel does not tell, empty if it is gone. */
  #children(pid: number): number[] | undefined {
    let threads: string[];
    try {
      threads = readdirSync(`${this.root}/${pid}/task`);
    } catch {
      return [];
    }
    let told = threads.length === 0;
    const pids = threads.flatMap((thread) => {
      const text = this.#read(`${pid}/task/${thread}/children`);
      told ||= text !== undefined;
      return (text ?? '').split(' ').filter(Boolean).map(Number);
    });
    // All gone between the two looks, or no such file at all.
    return told || this.one(pid) === undefined ? pids : undefined;
  }

  #pids(): number[] {
    try {
      return readdirSync(this.root)
        .filter((name) => /^\d+$/.test(name))
        .map(Number);
    } catch {
      return [];
    }
  }

  #read(path: string): string | undefined {
    try {
      return readFileSync(`${this.root}/${path}`, 'latin1');
    } catch {
      return undefined;
    }
  }
}
