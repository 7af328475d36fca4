import type { Readable } from 'node:stream';

/** What is kept, in bytes. */
const TAIL_BYTES = 4096;
/** What is shown, in lines. */
const TAIL_LINES = 3;

/** What a program that goes well says too: our own server's news, the steps of attach, warnings of Node and of ssh. */
const NEWS = /^(?:exec-server: (?:connection|attach:) |\(node:\d+\) |\(Use `node --trace-|warning: |\*\* )/i;

/** How it begins the one that says why nothing came of it. */
const VERDICT = 'exec-server: attach failed: ';
/** What lies between may have said half a line before. */
const LINE_ENDS = new RegExp(`\\n|(?=${VERDICT})`);
/** How `exec-server attach` begins each line about what it does. */
const STEP = 'exec-server: attach: ';

/** The last lines that a program wrote to its stderr and that may say why it ended. */
export class StderrTail {
  private tail = Buffer.alloc(0);
  /** Called at each step of an attach: it may take as long as a person who is asked for a passphrase. */
  onStep: () => void = () => undefined;

  private unfinished = '';

  /** @param onLine told each line as it comes */
  constructor(
    stream: Readable,
    private readonly onLine: (line: string) => void = () => undefined,
  ) {
    stream.on('data', (chunk: Buffer) => {
      this.tail = Buffer.concat([this.tail, chunk]).subarray(-TAIL_BYTES);
      if (chunk.includes(STEP)) this.onStep();
      this.tellLines(chunk);
    });
    stream.on('error', () => undefined);
  }

  /** Why an attach came to nothing, in its own words, which say what would help. */
  get verdict(): string | undefined {
    const line = this.lines.findLast((each) => each.startsWith(VERDICT));
    return line?.slice(VERDICT.length);
  }

  /** What else may say why; empty if nothing does. */
  get text(): string {
    return this.lines
      .filter((line) => line !== '' && !NEWS.test(line) && !line.startsWith(VERDICT))
      .slice(-TAIL_LINES)
      .join(' ');
  }

  /** What was said so far is no reason for an end: greetings of machines, questions that were answered. */
  forget(): void {
    this.tail = Buffer.alloc(0);
  }

  private tellLines(chunk: Buffer): void {
    const lines = (this.unfinished + chunk.toString()).split('\n');
    // A line that never ends is none.
    this.unfinished = (lines.pop() ?? '').slice(-TAIL_BYTES);
    for (const line of lines) if (line.trim() !== '') this.onLine(line.trim());
  }

  private get lines(): string[] {
    return this.tail
      .toString()
      .split(LINE_ENDS)
      .map((line) => line.trim());
  }
}
