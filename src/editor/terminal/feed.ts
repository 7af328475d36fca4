import type { HostProcess, OutputChunk, ReadResult } from '../../environment/index';
import { EscapeScanner } from './escapeScanner';
import { Marks } from './marks';
import { StreamText } from './streamText';
import { Window } from './window';

/** What one read brings at most, and so what one write to the terminal is. */
const BATCH_BYTES = 64 * 1024;
/** After falling behind: so much of the newest is shown. */
const CATCH_UP_BYTES = 128 * 1024;
/** News are collected so long, or many small writes would each be a message to the window. */
const COALESCE_MS = 8;
/** Aborts an escape sequence whose end is skipped. */
const CAN = '\x18';

export interface FeedOptions {
  readonly source: Pick<HostProcess, 'read' | 'subscribeWake'>;
  readonly write: (text: string) => void;
  /** The line that stands for what a late or slow viewer does not get. */
  readonly skippedNote: (bytes: number) => string;
  /** Everything from before the terminal was opened has been parsed. */
  readonly onReplayed: () => void;
  /** The process is closed, and all of its output was written. */
  readonly onEnd: () => void;
  readonly window?: Window;
  readonly marks?: Marks;
}

/** Brings the output log to a terminal: by its own cursor, in bounded pieces, never holding the child back. */
export class Feed {
  private cursor = 0;
  private news = false;
  private wake: (() => void) | undefined;
  private stopped = false;
  private readonly text = new StreamText();
  private readonly scanner = new EscapeScanner();
  private readonly marks: Marks;
  private readonly window: Window;
  private replayMark: number | undefined;
  /** Whether a line of our own can begin right here. */
  private atLineStart = true;

  constructor(private readonly options: FeedOptions) {
    this.marks = options.marks ?? new Marks();
    this.window = options.window ?? new Window();
  }

  /** Resolves when the process is closed or the feed is disposed of. */
  async run(): Promise<void> {
    const unsubscribe = this.options.source.subscribeWake(() => {
      this.news = true;
      this.wake?.();
    });
    try {
      await this.replay();
      while (!this.stopped && (await this.step()));
    } finally {
      unsubscribe();
    }
    if (!this.stopped) this.options.onEnd();
  }

  dispose(): void {
    this.stopped = true;
    this.wake?.();
    this.window.close();
  }

  /** Takes the answers to our marks out of the terminal's input; returns the rest. */
  input(data: string): string {
    const { answered, rest } = this.marks.extract(data);
    for (const id of answered) {
      this.window.answered(id);
      if (this.replayMark !== undefined && id >= this.replayMark) this.replayed();
    }
    return rest;
  }

  /** Puts a line of ours between the output. */
  note(line: string): void {
    // Whatever the child left open ends here.
    this.options.write(CAN + (this.atLineStart ? '' : '\r\n') + line);
    this.scanner.reset();
    this.atLineStart = line.endsWith('\n');
  }

  /** What a person types into a pipe is shown by us. */
  echo(text: string): void {
    this.options.write(text);
    this.atLineStart = text.endsWith('\n');
  }

  private async replay(): Promise<void> {
    const result = await this.options.source.read({ afterSeq: this.cursor });
    if (this.stopped) return;
    await this.deliver(result, true);
    // A terminal that does not answer must not keep the keyboard from the child.
    if (this.replayMark !== undefined) setTimeout(() => this.replayed(), this.window.patienceMs).unref();
    else this.options.onReplayed();
  }

  private replayed(): void {
    if (this.replayMark === undefined) return;
    this.replayMark = undefined;
    if (!this.stopped) this.options.onReplayed();
  }

  /** One read and its delivery; false when there is nothing more to come. */
  private async step(): Promise<boolean> {
    this.news = false;
    const before = this.cursor;
    let result = await this.options.source.read({ afterSeq: before, maxBytes: BATCH_BYTES });
    if (result.droppedBytes > 0) result = newest(await this.options.source.read({ afterSeq: before }));
    if (this.stopped) return false;
    await this.deliver(result, false);
    if (this.cursor > before) await new Promise((resolve) => setTimeout(resolve, COALESCE_MS));
    else if (result.closed) return false;
    else await this.newsToCome();
    return true;
  }

  private async deliver(result: ReadResult, replay: boolean): Promise<void> {
    if (result.droppedBytes > 0) {
      this.text.gap();
      this.note(this.options.skippedNote(result.droppedBytes));
    }
    const batches = inBatches(result.chunks);
    for (const [index, batch] of batches.entries()) {
      await this.window.room();
      if (this.stopped) return;
      this.write(this.text.push(batch), replay && index === batches.length - 1);
    }
    this.cursor = Math.max(this.cursor, result.nextSeq - 1);
  }

  private write(text: string, endOfReplay: boolean): void {
    const ground = this.scanner.scan(text);
    if (text) this.atLineStart = text.endsWith('\n');
    if (!this.window.wantsMark(text.length, ground >= 0) && !endOfReplay) {
      this.window.wrote(text.length);
      this.options.write(text);
      return;
    }
    const mark = this.marks.create();
    const at = ground >= 0 ? ground : text.length;
    this.window.wrote(text.length, mark.id);
    if (endOfReplay) this.replayMark = mark.id;
    this.options.write(text.slice(0, at) + mark.text + text.slice(at));
  }

  private newsToCome(): Promise<void> {
    if (this.news || this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = undefined;
        resolve();
      };
    });
  }
}

/** The end of what is retained, the rest counted as skipped. */
function newest(result: ReadResult): ReadResult {
  let bytes = 0;
  let first = result.chunks.length;
  while (first > 0 && bytes < CATCH_UP_BYTES) bytes += result.chunks[--first]?.chunk.length ?? 0;
  const skipped = result.chunks.slice(0, first).reduce((sum, { chunk }) => sum + chunk.length, 0);
  return { ...result, chunks: result.chunks.slice(first), droppedBytes: result.droppedBytes + skipped };
}

function inBatches(chunks: readonly OutputChunk[]): OutputChunk[][] {
  const batches: OutputChunk[][] = [];
  let bytes = Infinity;
  for (const chunk of chunks) {
    if (bytes + chunk.chunk.length > BATCH_BYTES) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(chunk);
    bytes += chunk.chunk.length;
  }
  return batches;
}
