import { open, type FileHandle } from 'node:fs/promises';
import { READ_FLAGS } from './readWhole';

const CHUNK_BYTES = 64 * 1024;

/** Reads on in a file that somebody else appends to. */
export class FileTail {
  private file: FileHandle | undefined;
  private at = 0;

  constructor(private readonly path: string) {}

  /** How many bytes have been read. */
  get bytes(): number {
    return this.at;
  }

  /** Opens it, so that it can be read also when its name is gone. Never rejects. */
  async open(): Promise<void> {
    this.file ??= await open(this.path, READ_FLAGS).catch(() => undefined);
  }

  /**
   * Hands over what is new, in pieces; stops early when `goOn` says so. Never rejects: a file that cannot be read has
   * nothing new.
   */
  async read(take: (chunk: Buffer) => void, goOn: () => boolean): Promise<void> {
    await this.open();
    try {
      while (this.file && goOn()) {
        const { bytesRead, buffer } = await this.file.read(
          Buffer.allocUnsafe(CHUNK_BYTES),
          0,
          CHUNK_BYTES,
          this.at,
        );
        if (bytesRead === 0) return;
        this.at += bytesRead;
        take(buffer.subarray(0, bytesRead));
      }
    } catch {
      // Its disk does not answer, or it is none: what was read is what there is.
    }
  }

  async close(): Promise<void> {
    await this.file?.close().catch(() => undefined);
    this.file = undefined;
  }
}
