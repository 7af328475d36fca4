import { setImmediate as turn } from 'node:timers/promises';
import type { WriteStatus } from '../../environment';

/** Chunks that may wait behind the one that is being written; the reference's. */
const MAX_CHUNKS = 128;
/** Bytes ahead of a write beyond which it waits, because they stay in memory until then. */
const MAX_BYTES = 16 * 1024 * 1024;

/** How much was written before, since the start of the process. */
interface Position {
  readonly chunks: number;
  readonly bytes: number;
}

/**
 * When a write is answered, in every dialect (docs/protocol/write.md#processwrite): as soon as the child's
 * pipe has taken it, or it waits in the queue; with more than 128 chunks or 16 MiB ahead of it, when the
 * process has read enough of them, or has ended.
 */
export class WriteAcks {
  private readonly asked = { chunks: 0, bytes: 0 };
  private readonly done = { chunks: 0, bytes: 0 };
  /** In the order of their positions. */
  private readonly waiting: { readonly position: Position; readonly enter: () => void }[] = [];

  /** @param written settles when the child's pipe has taken the chunk; writes of one process settle in order */
  acknowledge(written: Promise<WriteStatus>, bytes: number): Promise<WriteStatus> {
    const position = { ...this.asked };
    this.asked.chunks += 1;
    this.asked.bytes += bytes;
    const result = written.finally(() => this.leave(bytes));
    // It may fail when it has been answered already.
    result.catch(() => undefined);
    return Promise.race([result, this.enter(position)]);
  }

  private async enter(position: Position): Promise<WriteStatus> {
    // A pipe with room takes it within a turn, one without a reader refuses it: then that is the answer.
    await turn();
    if (!this.hasRoom(position)) await new Promise<void>((enter) => this.waiting.push({ position, enter }));
    return 'accepted';
  }

  private hasRoom({ chunks, bytes }: Position): boolean {
    return chunks - this.done.chunks <= MAX_CHUNKS && bytes - this.done.bytes < MAX_BYTES;
  }

  private leave(bytes: number): void {
    this.done.chunks += 1;
    this.done.bytes += bytes;
    const stays = this.waiting.findIndex(({ position }) => !this.hasRoom(position));
    const entering = this.waiting.splice(0, stays < 0 ? this.waiting.length : stays);
    for (const { enter } of entering) enter();
  }
}
