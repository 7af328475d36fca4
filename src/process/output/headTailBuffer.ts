import type { BufferPool } from '../streams/bufferPool';
import { ByteRun } from './byteRun';
import type { OutputStream } from '../types';

/** Kept of each stream from its beginning, and as much from its end, in bytes. */
export const HEAD_TAIL_BYTES = 512 * 1024;

/** One stream without its middle. */
export interface StreamSnapshot {
  /** Beginning and end. */
  readonly bytes: Buffer;
  /** Where in `bytes` the beginning ends. */
  readonly gapAt: number;
  /** How many bytes are missing there; exact. */
  readonly omittedBytes: number;
}

class StreamEnds {
  private readonly head: ByteRun;
  private readonly tail: ByteRun;
  private total = 0;
  private headIsOpen = true;

  constructor(
    pool: BufferPool,
    private endBytes: number,
  ) {
    this.head = new ByteRun(pool);
    this.tail = new ByteRun(pool);
  }

  get length(): number {
    return this.head.length + this.tail.length;
  }

  append(chunk: Buffer): void {
    this.total += chunk.length;
    const toHead = this.headIsOpen ? Math.min(this.endBytes - this.head.length, chunk.length) : 0;
    this.head.push(chunk.subarray(0, toHead));
    if (toHead === chunk.length) return;
    this.headIsOpen = false;
    this.tail.push(chunk.subarray(toHead));
    this.tail.dropFront(this.tail.length - this.endBytes);
  }

  shrinkTo(endBytes: number): void {
    this.endBytes = endBytes;
    const cut = this.head.length - endBytes;
    if (cut > 0) this.cutHead(cut);
    this.tail.dropFront(this.tail.length - endBytes);
  }

  /** Keeps nothing, and copies nothing for it. */
  clear(): void {
    this.endBytes = 0;
    this.headIsOpen = false;
    for (const run of [this.head, this.tail]) run.dropFront(run.length);
  }

  seal(): void {
    this.head.seal();
    this.tail.seal();
  }

  snapshot(): StreamSnapshot {
    const bytes = Buffer.concat([this.head.toBuffer(), this.tail.toBuffer()]);
    return { bytes, gapAt: this.head.length, omittedBytes: this.total - bytes.length };
  }

  /** What a head alone loses may be the stream's end. */
  private cutHead(bytes: number): void {
    const all = this.head.toBuffer();
    this.head.truncate(all.length - bytes);
    if (this.headIsOpen) this.tail.push(Buffer.from(all.subarray(all.length - bytes)));
    this.headIsOpen = false;
  }
}

/** The beginning and the end of each stream of one process, whatever the log has dropped. */
export class HeadTailBuffer {
  private readonly streams = new Map<OutputStream, StreamEnds>();

  constructor(
    private readonly pool: BufferPool,
    private readonly changed: (deltaBytes: number) => void = () => undefined,
    private endBytes = HEAD_TAIL_BYTES,
  ) {}

  /** All that is kept now. */
  get length(): number {
    let length = 0;
    for (const stream of this.streams.values()) length += stream.length;
    return length;
  }

  /** Takes over `chunk`, which must not change afterwards. */
  append(name: OutputStream, chunk: Buffer): void {
    let stream = this.streams.get(name);
    if (!stream) this.streams.set(name, (stream = new StreamEnds(this.pool, this.endBytes)));
    const before = stream.length;
    stream.append(chunk);
    if (stream.length !== before) this.changed(stream.length - before);
  }

  snapshot(name: OutputStream): StreamSnapshot {
    return this.streams.get(name)?.snapshot() ?? { bytes: Buffer.alloc(0), gapAt: 0, omittedBytes: 0 };
  }

  /** No more output will come. */
  seal(): void {
    for (const stream of this.streams.values()) stream.seal();
  }

  /** Keeps half as much of each end from now on. */
  halve(): void {
    this.endBytes = Math.floor(this.endBytes / 2);
    this.change((stream) => stream.shrinkTo(this.endBytes));
  }

  clear(): void {
    this.endBytes = 0;
    this.change((stream) => stream.clear());
  }

  private change(act: (stream: StreamEnds) => void): void {
    const before = this.length;
    for (const stream of this.streams.values()) act(stream);
    this.changed(this.length - before);
  }
}
