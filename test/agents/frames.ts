/** A listener on one direction of a WebSocket connection: bytes in, complete messages out. */

/** Undoes the masking of a client's frame. */
function unmask(body: Buffer, key: Buffer): Buffer {
  const plain = Buffer.from(body);
  for (let i = 0; i < plain.length; i++) plain[i] = (plain[i] ?? 0) ^ (key[i & 3] ?? 0);
  return plain;
}

/** Splits a byte stream that may be cut anywhere. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private held = 0;
  private needed = 2;
  private parts: Buffer[] = [];
  /** The size of the largest single frame seen. */
  largestFrame = 0;

  constructor(private readonly onMessage: (text: string) => void) {}

  /** Takes the next bytes; calls back for each message that they complete. */
  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.held += chunk.length;
    while (this.held >= this.needed) {
      const bytes = Buffer.concat(this.chunks);
      const used = this.takeFrame(bytes);
      const rest = bytes.subarray(used);
      this.chunks = [rest];
      this.held = rest.length;
      if (used > 0) this.needed = 2;
    }
  }

  /** Takes one frame off the front; answers 0, with `needed` raised, if it is not complete yet. */
  private takeFrame(bytes: Buffer): number {
    const first = bytes[0] ?? 0;
    const second = bytes[1] ?? 0;
    const short = second & 127;
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    const head = 2 + lengthBytes + (second & 128 ? 4 : 0);
    if (bytes.length < head) return this.lacking(head);
    let length = short;
    if (lengthBytes === 2) length = bytes.readUInt16BE(2);
    if (lengthBytes === 8) length = Number(bytes.readBigUInt64BE(2));
    if (bytes.length < head + length) return this.lacking(head + length);
    const body = bytes.subarray(head, head + length);
    this.largestFrame = Math.max(this.largestFrame, length);
    this.addPart(first, second & 128 ? unmask(body, bytes.subarray(head - 4, head)) : body);
    return head + length;
  }

  private lacking(total: number): 0 {
    this.needed = total;
    return 0;
  }

  /** Control frames (opcode 8 and up) may stand between the parts of a message. */
  private addPart(first: number, body: Buffer): void {
    if ((first & 15) >= 8) return;
    this.parts.push(Buffer.from(body));
    if (!(first & 128)) return;
    const text = Buffer.concat(this.parts).toString('utf8');
    this.parts = [];
    this.onMessage(text);
  }
}
