import { fstatSync, statSync, writeSync, type Stats } from 'node:fs';
import { isatty } from 'node:tty';
import { errorCode } from '../../values';

/** How the three standard streams of this process lie. */
export interface StandardStreams {
  /** Input and output are a terminal. */
  readonly tty: boolean;
  /** There is something to read, or may be. */
  readonly hasInput: boolean;
  /** Both outputs are the same file or pipe, so that their order means something. */
  readonly sameOutput: boolean;
}

export function standardStreams(): StandardStreams {
  const [input, output, errors] = [0, 1, 2].map(statusOf);
  const tty = isatty(0) && isatty(1);
  return {
    tty,
    hasInput: !tty && input !== undefined && !isNull(input),
    sameOutput: output !== undefined && output.dev === errors?.dev && output.ino === errors.ino,
  };
}

/** Writes all of it before it returns, so that nothing is lost at the exit. Does nothing where nobody reads. */
export function writeAll(fd: 1 | 2, chunk: Buffer): void {
  for (let at = 0; at < chunk.length;) {
    try {
      at += writeSync(fd, chunk, at);
    } catch (error) {
      if (errorCode(error) !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

function statusOf(fd: number): Stats | undefined {
  try {
    return fstatSync(fd);
  } catch {
    return undefined;
  }
}

function isNull(status: Stats): boolean {
  try {
    return status.isCharacterDevice() && status.rdev === statSync('/dev/null').rdev;
  } catch {
    return false;
  }
}
