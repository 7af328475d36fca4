import type { OutputChunk, ReadResult, SizeChange, TerminalSize } from '../../environment';
import type { Snapshot } from '../../screen/messages';
import { CLEAR_LINE, LEGIBLE } from './ground';
import type { StreamText } from './streamText';
import { WholeText } from './wholeText';

/** What is read and written at once. */
const PAGE_BYTES = 256 * 1024;
/** The most pages that are kept of what comes while the rest is read. */
const MORE_PAGES = 16;

/** Where output comes from. */
export interface FeedSource {
  read(options: { afterSeq: number; maxBytes?: number }): Promise<ReadResult>;
  subscribeWake(listener: () => void): () => void;
  /** All output ever, in bytes. */
  readonly totalBytes: number;
  /** Everything after this cursor is in memory. */
  readonly memoryCursor: number;
  /** The sizes that the process's terminal has had; none for pipes, whose terminal is as large as it is shown. */
  readonly sizes: readonly SizeChange[];
}

/** A terminal that nobody sees. */
export interface HiddenScreen {
  write(text: string): Promise<void>;
  resize(cols: number, rows: number): void;
  snapshot(): Promise<Snapshot>;
  dispose(): void;
}

export interface ReplayOptions {
  readonly source: FeedSource;
  readonly screen: HiddenScreen;
  /** Goes on with what comes after the replay. */
  readonly text: StreamText;
  /** The line of our own above all. */
  readonly header: string;
  readonly skippedNote: (bytes: number) => string;
  /** How large the terminal is in the end; asked as late as can be. */
  readonly size: () => TerminalSize;
  readonly signal: AbortSignal;
  /** Called in the very turn in which nothing is left to be read, or when that cannot be waited for. */
  readonly onCaughtUp: () => void;
}

export interface Replayed extends Snapshot {
  /** To be sent as it is, after the snapshot's text. */
  readonly rest: string;
  /** Everything up to here is in it. */
  readonly cursor: number;
  /** How much that was, in bytes, what is gone included. */
  readonly bytes: number;
}

/** Sends what there is so far to a terminal that nobody sees, at the sizes that it had then. Undefined when aborted. */
export async function replay(options: ReplayOptions): Promise<Replayed | undefined> {
  const { source, screen, text, signal } = options;
  const whole = new WholeText();
  const put = (piece: string): Promise<void> => screen.write(whole.push(piece));
  const resize = async ({ cols, rows }: TerminalSize): Promise<void> => {
    await screen.write(whole.flush());
    screen.resize(cols, rows);
  };
  await put(`${options.header}\r\n`);
  const end = async (): Promise<number> =>
    (await source.read({ afterSeq: Number.MAX_SAFE_INTEGER })).nextSeq - 1;
  const first = await end();
  const sizes = source.sizes.slice(1);
  let [cursor, bytes, atLineStart] = [0, 0, true];
  // What came meanwhile too, unless it never ends.
  for (let more = MORE_PAGES; !signal.aborted;) {
    if (cursor >= first && (more-- === 0 || cursor >= (await end()))) break;
    const page = await source.read({ afterSeq: cursor, maxBytes: PAGE_BYTES });
    if (page.droppedBytes > 0) {
      text.gap();
      bytes += page.droppedBytes;
      await put(LEGIBLE + (atLineStart ? '' : '\r\n') + CLEAR_LINE + options.skippedNote(page.droppedBytes));
    }
    for (const { before, chunks } of parted(page.chunks, sizes)) {
      if (before) await resize(before);
      const piece = text.push(chunks);
      if (piece) atLineStart = piece.endsWith('\n');
      await put(piece);
      bytes += chunks.reduce((sum, { chunk }) => sum + chunk.length, 0);
    }
    cursor = Math.max(cursor, page.nextSeq - 1);
  }
  if (signal.aborted) return undefined;
  options.onCaughtUp();
  await resize(options.size());
  return { ...(await screen.snapshot()), rest: whole.rest, cursor, bytes };
}

interface Part {
  /** The size that counts from here on. */
  readonly before: TerminalSize | undefined;
  readonly chunks: OutputChunk[];
}

/** Cuts where the size changes, and takes those changes from `sizes`. */
function parted(chunks: readonly OutputChunk[], sizes: SizeChange[]): Part[] {
  const parts: Part[] = [{ before: undefined, chunks: [] }];
  for (const chunk of chunks) {
    let before: TerminalSize | undefined;
    while (sizes[0] && sizes[0].afterSeq < chunk.seq) before = sizes.shift()?.size;
    if (before) parts.push({ before, chunks: [] });
    parts.at(-1)?.chunks.push(chunk);
  }
  return parts;
}
