const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;

/** A line is larger than the bound. */
export class LineTooLongError extends Error {}

/**
 * Cuts a stream of bytes into lines (docs/protocol/transport.md#stdio), wherever the stream itself was cut.
 * Keeps at most one unfinished line.
 */
export class LineSplitter {
  private parts: Buffer[] = [];
  private held = 0;

  /** @param maxBytes largest line, without its end */
  constructor(private readonly maxBytes: number) {}

  /**
   * The lines that `chunk` completes, without their ends; blank ones are left out.
   *
   * @throws LineTooLongError
   */
  *push(chunk: Buffer): Generator<Buffer, void> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, start);
      this.hold(chunk.subarray(start, end < 0 ? undefined : end));
      if (end < 0) return;
      start = end + 1;
      yield* this.finish();
    }
  }

  /** What is left at the end of the stream: a last line may lack its end. */
  *finish(): Generator<Buffer, void> {
    const [first] = this.parts;
    const line = this.parts.length === 1 && first ? first : Buffer.concat(this.parts, this.held);
    this.parts = [];
    this.held = 0;
    const text = line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
    this.check(text.length);
    if (!isBlank(text)) yield text;
  }

  private hold(part: Buffer): void {
    if (part.length === 0) return;
    this.parts.push(part);
    this.held += part.length;
    // One more may turn out to belong to the line's end.
    this.check(this.held - 1);
  }

  private check(length: number): void {
    if (length > this.maxBytes) throw new LineTooLongError(`a line has more than ${this.maxBytes} bytes`);
  }
}

/** Looks no further than the first byte of a message. */
function isBlank(line: Buffer): boolean {
  for (const byte of line) {
    if (byte !== SPACE && (byte < 0x09 || byte > CARRIAGE_RETURN)) return false;
  }
  return true;
}
