import type { Readable } from 'node:stream';

/** What is kept, in bytes. */
const TAIL_BYTES = 4096;
/** What is shown, in lines. */
const TAIL_LINES = 3;

/** The last lines that a program wrote to its stderr. */
export class StderrTail {
  private tail = Buffer.alloc(0);

  constructor(stream: Readable) {
    stream.on('data', (chunk: Buffer) => {
      this.tail = Buffer.concat([this.tail, chunk]).subarray(-TAIL_BYTES);
    });
    stream.on('error', () => undefined);
  }

  /** Empty if there were none. */
  get text(): string {
    const lines = this.tail.toString().split('\n');
    return lines
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .slice(-TAIL_LINES)
      .join(' ');
  }
}
