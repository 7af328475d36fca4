/** Two lengths, each 4 bytes, the lowest first: of the head and of the body. */
const LENGTHS_BYTES = 8;
/** Most bytes of a frame's head and of its body; more ends the connection. */
export const MAX_PART_BYTES = 64 * 1024 * 1024;

/** One message: what it says, and bytes that go as they are. */
export interface Frame {
  readonly head: unknown;
  readonly body: Buffer;
}

/** What goes before a body. */
export function frameHead(head: unknown, bodyBytes: number): Buffer {
  const text = Buffer.from(JSON.stringify(head));
  const lengths = Buffer.alloc(LENGTHS_BYTES);
  lengths.writeUInt32LE(text.length, 0);
  lengths.writeUInt32LE(bodyBytes, 4);
  return Buffer.concat([lengths, text]);
}

/** Cuts a stream of bytes into frames, wherever the stream itself was cut. Bodies are parts of what was pushed. */
export class FrameSplitter {
  #parts: Buffer[] = [];
  #size = 0;
  #need = LENGTHS_BYTES;

  /**
   * The frames that `chunk` completes.
   *
   * @throws Error for what is no frame
   */
  *push(chunk: Buffer): Generator<Frame, void> {
    this.#parts.push(chunk);
    this.#size += chunk.length;
    while (this.#size >= this.#need) {
      const data = this.#joined();
      const headBytes = data.readUInt32LE(0);
      const bodyBytes = data.readUInt32LE(4);
      if (headBytes > MAX_PART_BYTES || bodyBytes > MAX_PART_BYTES) throw new Error('a frame is too long');
      const bodyStart = LENGTHS_BYTES + headBytes;
      const end = bodyStart + bodyBytes;
      this.#need = end;
      if (data.length < end) return;
      const rest = data.subarray(end);
      this.#parts = rest.length > 0 ? [rest] : [];
      this.#size = rest.length;
      this.#need = LENGTHS_BYTES;
      const head: unknown = JSON.parse(data.subarray(LENGTHS_BYTES, bodyStart).toString());
      yield { head, body: data.subarray(bodyStart, end) };
    }
  }

  #joined(): Buffer {
    const [first] = this.#parts;
    if (first && this.#parts.length === 1) return first;
    const whole = Buffer.concat(this.#parts, this.#size);
    // Somebody may have typed a secret: it is to be in one place alone, where it is overwritten.
    for (const part of this.#parts) part.fill(0);
    this.#parts = [whole];
    return whole;
  }
}
