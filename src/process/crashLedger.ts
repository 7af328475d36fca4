import { closeSync, openSync, writeSync } from 'node:fs';
import type { FamilyIdentity } from './family';

/** One line for each family, so that a note is one write at a known place. Two numbers and a letter fit. */
const LINE_BYTES = 48;
const EMPTY = line('');

/**
 * The families that live, in a file that outlives this process. Written in place: what is noted is there for
 * the next reader at once, whatever becomes of us.
 */
export class CrashLedger {
  readonly #fd: number;
  readonly #places = new Map<object, number>();
  readonly #free: number[] = [];

  /** @param path must not exist; only its owner can read it */
  constructor(path: string) {
    this.#fd = openSync(path, 'wx', 0o600);
  }

  /** Takes a line for `key`, which must not have one. */
  note(key: object, { pid, start, tty }: FamilyIdentity): void {
    const place = this.#free.pop() ?? this.#places.size;
    this.#places.set(key, place);
    this.#write(place, line(`${pid} ${start} ${tty ? 't' : 'p'}`));
  }

  /** Nothing happens for a key that has no line. */
  forget(key: object): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    this.#free.push(place);
    this.#write(place, EMPTY);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #write(place: number, text: Buffer): void {
    writeSync(this.#fd, text, 0, LINE_BYTES, place * LINE_BYTES);
  }
}

function line(text: string): Buffer {
  return Buffer.from(`${text.padEnd(LINE_BYTES - 1)}\n`, 'latin1');
}

/** What a ledger's text says; lines that make no sense are left out. */
export function readLedger(text: string): FamilyIdentity[] {
  return text.split('\n').flatMap((entry) => {
    const [, pid, start, kind] = /^(\d+) ([\d.]+) ([pt]) *$/.exec(entry) ?? [];
    // 0 and 1 as a group would mean everyone's processes.
    if (Number(pid) <= 1 || start === undefined) return [];
    return [{ pid: Number(pid), start: Number(start), tty: kind === 't' }];
  });
}
