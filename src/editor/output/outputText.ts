import { StreamText } from '../terminal/streamText';
import { WholeText } from '../terminal/wholeText';
import { plainOutput } from '../text/plainOutput';
import { pagesOf, type OutputSource } from './readOutput';

/** Output as plain text, the newest of it, which can be brought up to date. */
export class OutputText {
  private readonly streams = new StreamText();
  private readonly whole = new WholeText();
  private readonly parts: string[] = [];
  private length = 0;
  private cursor = 0;
  private gone = 0;
  private cut = 0;
  /** A return whose newline may still come. */
  private held = '';
  private updating = Promise.resolve();

  /** @param maxCharacters beyond it whole pages leave from the front */
  constructor(
    private readonly source: OutputSource,
    private readonly maxCharacters: number,
  ) {}

  /** What is missing before it, in bytes: dropped, or left out because it is too much. */
  get missingBytes(): number {
    return this.gone + this.cut;
  }

  /** What is missing because it is too much. */
  get cutBytes(): number {
    return this.cut;
  }

  toString(): string {
    return this.parts.join('') + (this.held && '\n');
  }

  /** Reads what has come since, one time after the other. */
  update(): Promise<void> {
    this.updating = this.updating.then(() => this.readOn());
    return this.updating;
  }

  private async readOn(): Promise<void> {
    for await (const page of pagesOf(this.source, this.cursor)) {
      if (page.droppedBytes > 0) {
        this.gone += page.droppedBytes;
        this.streams.gap();
      }
      const next = this.whole.push(this.streams.push(page.chunks)) + this.whole.flush();
      const text = (next.startsWith('\r\n') ? '' : this.held) + next;
      this.held = text.endsWith('\r') ? '\r' : '';
      this.add(plainOutput(text.slice(0, text.length - this.held.length)));
      this.cursor = Math.max(this.cursor, page.nextSeq - 1);
    }
  }

  private add(text: string): void {
    this.parts.push(text);
    this.length += text.length;
    while (this.length > this.maxCharacters && this.parts.length > 1) {
      const first = this.parts.shift() ?? '';
      this.length -= first.length;
      this.cut += Buffer.byteLength(first);
    }
  }
}
