import { RawResult } from '../../../rpc';

/** Characters after which a piece becomes bytes. */
const PIECE_LENGTH = 64 * 1024;

/** Bytes that the lists of one reply may have together. */
export class JsonRoom {
  constructor(private left: number) {}

  /** False if they are not there any more. */
  take(bytes: number): boolean {
    this.left -= bytes;
    return this.left >= 0;
  }
}

/** A list in a reply that may be very long, as the JSON that it will be: neither its values nor a second copy are kept. */
export class JsonList {
  private readonly parts: Buffer[] = [];
  private piece = '';
  private isEmpty = true;

  constructor(private readonly room: JsonRoom) {}

  /** False if there is no room for it. */
  add(value: unknown): boolean {
    const text = `${this.isEmpty ? '' : ','}${JSON.stringify(value)}`;
    if (!this.room.take(Buffer.byteLength(text))) return false;
    this.isEmpty = false;
    this.piece += text;
    if (this.piece.length >= PIECE_LENGTH) this.flush();
    return true;
  }

  /** The values, without the brackets around them. */
  take(): readonly Buffer[] {
    this.flush();
    return this.parts;
  }

  private flush(): void {
    this.parts.push(Buffer.from(this.piece));
    this.piece = '';
  }
}

/** A ready-made result: text is taken as it is, lists with brackets around them. */
export function jsonOf(...pieces: readonly (string | JsonList)[]): RawResult {
  return new RawResult(
    pieces.flatMap((piece) =>
      typeof piece === 'string'
        ? [Buffer.from(piece)]
        : [Buffer.from('['), ...piece.take(), Buffer.from(']')],
    ),
  );
}
