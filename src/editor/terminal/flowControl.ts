/** Written and not yet known to be parsed: at most this much and one batch. */
const WINDOW_CHARACTERS = 256 * 1024;
/** A mark is put after about so much. */
const MARK_EVERY_CHARACTERS = 32 * 1024;
/** A terminal that does not answer for so long counts as having answered. */
const PATIENCE_MS = 2000;

/** Keeps count of what a terminal has yet to parse. */
export class FlowControl {
  private readonly marks: { readonly id: number; readonly characters: number }[] = [];
  /** Written after the last mark. */
  private unmarked = 0;
  private outstanding = 0;
  private closed = false;
  private waiting: (() => void) | undefined;

  constructor(
    private readonly capacity = WINDOW_CHARACTERS,
    readonly patienceMs = PATIENCE_MS,
  ) {}

  /** Whether a piece of this length should carry a mark; inside an escape sequence only when it can't wait. */
  wantsMark(characters: number, harmless: boolean): boolean {
    const after = this.unmarked + characters;
    return after >= (harmless ? Math.min(MARK_EVERY_CHARACTERS, this.capacity / 2) : this.capacity / 2);
  }

  wrote(characters: number, mark?: number): void {
    this.outstanding += characters;
    this.unmarked += characters;
    if (mark === undefined) return;
    this.marks.push({ id: mark, characters: this.unmarked });
    this.unmarked = 0;
  }

  /** The terminal has parsed everything up to this mark. */
  answered(id: number): void {
    while (this.marks[0] && this.marks[0].id <= id) this.outstanding -= this.marks.shift()?.characters ?? 0;
    this.waiting?.();
  }

  /** Resolves when more may be written. */
  async room(): Promise<void> {
    while (!this.hasRoom()) await this.progress();
  }

  /** Resolves when the terminal has parsed everything up to this mark. */
  async parsed(mark: number): Promise<void> {
    while (!this.closed && this.marks.some(({ id }) => id <= mark)) await this.progress();
  }

  close(): void {
    this.closed = true;
    this.waiting?.();
  }

  private hasRoom(): boolean {
    return this.closed || this.outstanding < this.capacity;
  }

  /** Resolves at an answer, or when the terminal is taken to have parsed all that it was sent. */
  private async progress(): Promise<void> {
    const before = this.marks.length;
    if ((await this.answerInTime()) || this.marks.length !== before) return;
    this.marks.length = 0;
    this.outstanding = this.unmarked = 0;
  }

  private answerInTime(): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (answered: boolean): void => {
        clearTimeout(timer);
        this.waiting = undefined;
        resolve(answered);
      };
      const timer = setTimeout(() => done(false), this.patienceMs);
      this.waiting = () => done(true);
    });
  }
}
