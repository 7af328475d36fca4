import { spawnSync } from 'node:child_process';
import { descendants, type Orphan, type ProcessInfo, type ProcessLookup } from './processLookup';

/** For how long one look serves, in ms: it takes some 20 ms to make. */
const FRESH_MS = 20;
const PS_TIMEOUT_MS = 1000;
/** ps tells whole seconds, and a child starts a moment after we asked for it. */
const START_TOLERANCE_S = 2;

/** English dates, and commands as they are; a system that has no such locale takes `C` for both. */
const LOCALE = { LC_ALL: '', LC_TIME: 'C', LC_CTYPE: process.platform === 'darwin' ? 'UTF-8' : 'C.UTF-8' };

const LINE = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\w{3}\s+\w{3}\s+\d+\s+\d+:\d+:\d+\s+\d{4})\s+(.*)$/;

/** One line of `ps`. */
export interface PsLine extends ProcessInfo {
  readonly command: string;
}

/** Reads `ps -A -o pid=,ppid=,pgid=,stat=,lstart=,command=`. Starts count in seconds since 1970. */
export function parsePs(text: string): PsLine[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, ppid, pgid, stat = '', lstart = '', command = ''] = LINE.exec(line) ?? [];
    const start = Date.parse(lstart) / 1000;
    if (Number.isNaN(start)) return [];
    const zombie = stat.startsWith('Z');
    return [
      { pid: Number(pid), ppid: Number(ppid), pgid: Number(pgid), sid: undefined, start, zombie, command },
    ];
  });
}

/** macOS, and every other POSIX system without /proc: the `ps` program. */
export class PsTable implements ProcessLookup {
  #all: readonly PsLine[] = [];
  #seenAt = -Infinity;

  /** All processes, as of a few milliseconds ago at most. */
  all(): readonly PsLine[] {
    if (performance.now() - this.#seenAt < FRESH_MS) return this.#all;
    const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,lstart=,command='], {
      encoding: 'utf8',
      timeout: PS_TIMEOUT_MS,
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, ...LOCALE },
    });
    // A failed ps answers nothing, and nothing but the process group is stopped then.
    this.#all = parsePs(stdout);
    this.#seenAt = performance.now();
    return this.#all;
  }

  one(pid: number): PsLine | undefined {
    return this.all().find((line) => line.pid === pid);
  }

  under(pid: number): readonly ProcessInfo[] {
    return descendants(this.all(), pid);
  }

  // eslint-disable-next-line require-yield -- one run of ps is one step
  *orphans(): Generator<void, readonly Orphan[]> {
    return this.all().map(({ pid, sid, pgid }) => ({ pid, sid, pgid, marks: [] }));
  }

  startOfNew(): number {
    return Math.floor(Date.now() / 1000);
  }

  sameStart(a: number, b: number): boolean {
    return Math.abs(a - b) <= START_TOLERANCE_S;
  }

  foregroundGroup(): undefined {
    return undefined;
  }

  command(pid: number): string {
    return this.one(pid)?.command ?? `pid ${pid}`;
  }
}
