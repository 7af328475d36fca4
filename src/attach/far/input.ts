import { readSync } from 'node:fs';

const STDIN = 0;
/** Between two looks at a descriptor that does not block, in ms. */
const PAUSE_MS = 2;
const pause = new Int32Array(new SharedArrayBuffer(4));

/** The other side has gone before it had said all. */
export class CutOff extends Error {}

/**
 * Exactly so many bytes of stdin, and none of what comes after: that is the server's.
 *
 * @throws CutOff when stdin ends before
 */
export function readExactly(count: number): Buffer {
  const all = Buffer.alloc(count);
  for (let at = 0; at < count;) {
    const got = readSome(all, at);
    if (got === 0) throw new CutOff();
    at += got;
  }
  return all;
}

/**
 * A line of stdin without its end.
 *
 * @throws CutOff when stdin ends before
 */
export function readLine(): string {
  let line = '';
  for (let char = ''; char !== '\n'; char = readExactly(1).toString('latin1')) line += char;
  return line;
}

function readSome(into: Buffer, at: number): number {
  for (;;) {
    try {
      return readSync(STDIN, into, at, into.length - at, null);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      if (error.code === 'EOF') return 0;
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, PAUSE_MS);
    }
  }
}
