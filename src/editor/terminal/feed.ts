import type { OutputChunk, ReadResult, TerminalSize } from '../../environment';
import { plainOutput } from '../text/plainOutput';
import { EscapeScanner } from './escapeScanner';
import { CLEAR_LINE, LEGIBLE, NEW } from './ground';
import { Marks } from './marks';
import { replay, type FeedSource, type HiddenScreen } from './replay';
import { StreamText } from './streamText';
import type { TerminalHeader } from './terminalHeader';
import { FlowControl } from './flowControl';

/** What one read brings at most, and so what one write to the terminal is. */
const BATCH_BYTES = 64 * 1024;
/** After falling behind: so much of the newest is shown. */
const CATCH_UP_BYTES = 128 * 1024;
/** News are collected so long, or many small writes would each be a message to the window. */
const COALESCE_MS = 8;
/** Without news for so long, a terminal that fell behind is drawn anew. */
const CALM_MS = 500;
/** To read more than this takes so long that it is told, and that so many of the newest lines are shown meanwhile. */
const LONG_BYTES = 8 * 1024 * 1024;
const GLIMPSE_LINES = 40;
/** Puts the cursor somewhere. */
const PLACES = /\x1b\[[\d;]*[Hf]/;
/** What is drawn is written in pieces of this length. */
const PIECE_CHARACTERS = 16 * 1024;
/** Not half of a character. */
const PIECE = /^[^]*(?:[^\ud800-\udbff]|$)/;

export interface FeedOptions {
  readonly source: FeedSource;
  readonly write: (text: string) => void;
  readonly header: TerminalHeader;
  /** Opens a terminal that nobody sees. */
  readonly openScreen: (size: TerminalSize) => HiddenScreen;
  /** How large the terminal is now. */
  readonly size: () => TerminalSize;
  readonly notes: FeedNotes;
  /** From now on the terminal gets everything as it is, and answers what it is asked. */
  readonly onLive: () => void;
  /** The process is closed, and all of its output was written. */
  readonly onEnd: () => void;
  readonly flow?: FlowControl;
  readonly marks?: Marks;
}

/** Lines of our own. */
export interface FeedNotes {
  /** Stands for what a slow viewer does not get, or what is gone. */
  skipped(bytes: number): string;
  reading(bytes: number): string;
  unreadable(problem: string): string;
}

/**
 * Brings the output of a process to a terminal, in bounded pieces and never holding the child back: first, drawn at
 * once, the screen as one would have it that had watched from the beginning, then what comes as it is. One that falls
 * behind skips, and is drawn anew when things are calm.
 */
export class Feed {
  private cursor = 0;
  /** Bytes up to the cursor, what is gone and skipped included. */
  private seen = 0;
  private isBehind = false;
  private news = false;
  private wake: (() => void) | undefined;
  private readonly stop = new AbortController();
  private decoder = new StreamText();
  private readonly scanner = new EscapeScanner();
  private readonly marks: Marks;
  private readonly flow: FlowControl;
  /** Whether a line of our own can begin right here. */
  private atLineStart = true;

  constructor(private readonly options: FeedOptions) {
    this.marks = options.marks ?? new Marks();
    this.flow = options.flow ?? new FlowControl();
  }

  /** Resolves when the process is closed or the feed is disposed of. */
  async run(): Promise<void> {
    const { source, header, onEnd, onLive } = this.options;
    const unsubscribe = source.subscribeWake(() => {
      this.news = true;
      this.wake?.();
    });
    try {
      if (source.totalBytes > 0) await this.draw();
      else {
        this.line(`${header.before}${header.text}${header.behind}\r\n${header.below}`);
        onLive();
      }
      while (!this.isStopped() && (await this.step()));
    } finally {
      unsubscribe();
    }
    if (!this.isStopped()) onEnd();
  }

  dispose(): void {
    this.stop.abort();
    this.wake?.();
    this.flow.close();
  }

  /** Takes the answers to our marks out of the terminal's input; returns the rest. */
  input(data: string): string {
    const { answered, rest } = this.marks.extract(data);
    for (const id of answered) this.flow.answered(id);
    return rest;
  }

  /** Puts a line of ours between the output; `before` it, where a line begins, what is not seen. */
  note(line: string, before = ''): void {
    this.line(LEGIBLE + (this.atLineStart ? '' : '\r\n') + before + CLEAR_LINE + line);
    this.scanner.reset();
    this.atLineStart = line.endsWith('\n');
  }

  /** What a person types into a pipe is shown by us. */
  echo(text: string): void {
    this.line(text);
    this.atLineStart = text.endsWith('\n');
  }

  private isStopped(): boolean {
    return this.stop.signal.aborted;
  }

  private line(text: string): void {
    this.options.write(text);
  }

  /** Draws the screen that the process has made so far, until the terminal has parsed it in the size it was made for. */
  private async draw(): Promise<void> {
    while (!(await this.drawOnce()) && !this.isStopped()) this.line(NEW);
    this.scanner.reset();
  }

  /** False if the terminal got another size meanwhile: lines would be drawn over others then. */
  private async drawOnce(): Promise<boolean> {
    const { source, header, notes, onLive } = this.options;
    let drawnFor = this.options.size();
    const size = (): TerminalSize => (drawnFor = this.options.size());
    const { totalBytes } = source;
    const isLong = totalBytes > LONG_BYTES;
    if (isLong) this.line(notes.reading(totalBytes) + (await this.glimpse()));
    this.decoder = new StreamText();
    let screen: HiddenScreen | undefined;
    try {
      screen = this.options.openScreen(source.sizes[0]?.size ?? size());
      const { signal } = this.stop;
      const options = { source, screen, text: this.decoder, header: header.text, size, signal };
      const drawn = await replay({
        ...options,
        skippedNote: (bytes) => notes.skipped(bytes),
        onCaughtUp: onLive,
      });
      if (!drawn) return true;
      if (isLong) this.line(NEW);
      if (drawn.earlierLines > 0) this.line(header.inFront(drawn.earlierLines));
      await this.send(drawn.text);
      if (!(await this.isParsedAt(drawnFor))) return false;
      await this.send(drawn.rest);
      this.cursor = drawn.cursor;
      this.seen = drawn.bytes;
      this.atLineStart = drawn.column === 0 && drawn.rest === '';
    } catch (error) {
      this.decoder.gap();
      this.cursor = source.memoryCursor;
      onLive();
      this.note(notes.unreadable(String(error)));
    } finally {
      screen?.dispose();
    }
    return true;
  }

  /** The newest lines as plain text, below one of ours; none of a program that draws on its screen. */
  private async glimpse(): Promise<string> {
    const { source } = this.options;
    const { chunks } = await source.read({ afterSeq: source.memoryCursor });
    const text = new StreamText().push(newest(chunks));
    if (PLACES.test(text)) return '';
    return plainOutput(text)
      .split('\n')
      .slice(-GLIMPSE_LINES)
      .map((line) => `\r\n${line.slice(0, this.options.size().cols)}`)
      .join('');
  }

  /** Whether the terminal still had that size when it had parsed all that it was sent. */
  private async isParsedAt({ rows, cols }: TerminalSize): Promise<boolean> {
    const { id, text } = this.marks.create();
    this.flow.wrote(0, id);
    this.line(text);
    await this.flow.parsed(id);
    const now = this.options.size();
    return now.rows === rows && now.cols === cols;
  }

  private async send(text: string): Promise<void> {
    for (let at = 0; at < text.length && !this.isStopped();) {
      await this.flow.room();
      const piece = PIECE.exec(text.slice(at, at + PIECE_CHARACTERS))?.[0] ?? '';
      this.write(piece);
      at += piece.length;
    }
  }

  /** One read and its delivery; false when there is nothing more to come. */
  private async step(): Promise<boolean> {
    this.news = false;
    const { source } = this.options;
    const before = this.cursor;
    if (before < source.memoryCursor) await this.skip();
    else {
      const result = await source.read({ afterSeq: before, maxBytes: BATCH_BYTES });
      await this.deliver(result);
      if (this.cursor === before) return this.rest(result.closed);
    }
    await new Promise((resolve) => setTimeout(resolve, COALESCE_MS));
    return true;
  }

  /** There is nothing to be shown now. */
  private async rest(isClosed: boolean): Promise<boolean> {
    if (this.isBehind && (isClosed || !(await this.newsWithin(CALM_MS)))) {
      this.isBehind = false;
      this.line(NEW);
      await this.draw();
      return true;
    }
    if (isClosed) return false;
    await this.newsWithin(undefined);
    return true;
  }

  /** This terminal is too slow for what comes: only the newest of it is shown. */
  private async skip(): Promise<void> {
    const { source } = this.options;
    const { nextSeq, chunks } = await source.read({ afterSeq: source.memoryCursor });
    const kept = newest(chunks);
    const bytes = source.totalBytes - this.seen - sizeOf(kept);
    this.isBehind = true;
    this.seen += bytes;
    await this.deliver({ chunks: kept, nextSeq, droppedBytes: bytes }, 'skipped');
  }

  private async deliver(
    { chunks, droppedBytes, nextSeq }: Pick<ReadResult, 'chunks' | 'droppedBytes' | 'nextSeq'>,
    why: 'gone' | 'skipped' = 'gone',
  ): Promise<void> {
    if (this.isStopped()) return;
    if (droppedBytes > 0) {
      if (why === 'gone') this.seen += droppedBytes;
      this.decoder.gap();
      this.note(this.options.notes.skipped(droppedBytes));
    }
    for (const batch of inBatches(chunks)) {
      await this.flow.room();
      if (this.isStopped()) return;
      this.seen += sizeOf(batch);
      this.write(this.decoder.push(batch));
    }
    this.cursor = Math.max(this.cursor, nextSeq - 1);
  }

  private write(text: string): void {
    const ground = this.scanner.scan(text);
    if (text) this.atLineStart = text.endsWith('\n');
    if (!this.flow.wantsMark(text.length, ground >= 0)) {
      this.flow.wrote(text.length);
      this.options.write(text);
      return;
    }
    const mark = this.marks.create();
    const at = ground >= 0 ? ground : text.length;
    this.flow.wrote(text.length, mark.id);
    this.options.write(text.slice(0, at) + mark.text + text.slice(at));
  }

  /** Whether there was some. */
  private newsWithin(ms: number | undefined): Promise<boolean> {
    if (this.news || this.isStopped()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => done(false), ms);
      const done = (isNews: boolean): void => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve(isNews);
      };
      this.wake = () => done(true);
    });
  }
}

/** The end of it. */
function newest(chunks: readonly OutputChunk[]): readonly OutputChunk[] {
  let bytes = 0;
  let first = chunks.length;
  while (first > 0 && bytes < CATCH_UP_BYTES) bytes += chunks[--first]?.chunk.length ?? 0;
  return chunks.slice(first);
}

function sizeOf(chunks: readonly OutputChunk[]): number {
  return chunks.reduce((sum, { chunk }) => sum + chunk.length, 0);
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
