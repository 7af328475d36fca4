import { closeSync, fstatSync, openSync, rmSync, writeSync } from 'node:fs';
import type { TreeIdentity } from '../stop/processTree';
import type { HostIdentity } from './hostIdentity';

/** One line for each tree, so that a note is one write at a known place. The longest is the host's. */
const LINE_BYTES = 64;
const EMPTY = line('');

/**
 * The trees that live, in a file that outlives this process. Written in place: what is noted is there for
 * the next reader at once, whatever becomes of us. Should somebody remove the file, the next note brings it back.
 */
export class CrashLedger {
  #fd: number;
  readonly #places = new Map<object, number>();
  readonly #texts: Buffer[] = [];
  readonly #free: number[] = [];

  /** @param path must not exist; only its owner can read it */
  constructor(
    readonly path: string,
    private readonly host: HostIdentity,
  ) {
    this.#fd = this.#open();
  }

  /** Takes a line for `key`, which must not have one. */
  note(key: object, { pid, start, tty }: TreeIdentity): void {
    const place = this.#free.pop() ?? this.#places.size;
    this.#places.set(key, place);
    this.#texts[place] = line(`${pid} ${start} ${tty ? 't' : 'p'}`);
    if (fstatSync(this.#fd).nlink > 0) return this.#write(place);
    const lost = this.#fd;
    this.#fd = this.#open();
    closeSync(lost);
  }

  /** Nothing happens for a key that has no line. */
  forget(key: object): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    this.#free.push(place);
    this.#texts[place] = EMPTY;
    this.#write(place);
  }

  /** Removes the file as well. */
  close(): void {
    closeSync(this.#fd);
    rmSync(this.path, { force: true });
  }

  #open(): number {
    const fd = openSync(this.path, 'wx', 0o600);
    try {
      const { pid, start, firstMark } = this.host;
      const text = Buffer.concat([line(`host ${pid} ${start} ${firstMark}`), ...this.#texts]);
      writeSync(fd, text, 0, text.length, 0);
      return fd;
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  #write(place: number): void {
    writeSync(this.#fd, this.#texts[place] ?? EMPTY, 0, LINE_BYTES, (place + 1) * LINE_BYTES);
  }
}

function line(text: string): Buffer {
  return Buffer.from(`${text.padEnd(LINE_BYTES - 1)}\n`, 'latin1');
}

/** What a ledger tells. */
export interface LedgerContents {
  /** Undefined where the first line makes no sense. */
  readonly host: HostIdentity | undefined;
  readonly trees: readonly TreeIdentity[];
}

/** What a ledger's text says; lines that make no sense are left out. */
export function readLedger(text: string): LedgerContents {
  const [, hostPid, hostStart, firstMark] = /^host (\d+) ([\d.]+) (\d+) *\n/.exec(text) ?? [];
  const host =
    hostStart === undefined
      ? undefined
      : { pid: Number(hostPid), start: Number(hostStart), firstMark: Number(firstMark) };
  const trees = text.split('\n').flatMap((entry) => {
    const [, pid, start, kind] = /^(\d+) ([\d.]+) ([pt]) *$/.exec(entry) ?? [];
    // 0 and 1 as a group would mean everyone's processes.
    if (Number(pid) <= 1 || start === undefined) return [];
    return [{ pid: Number(pid), start: Number(start), tty: kind === 't' }];
  });
  return { host, trees };
}
