import { DEFAULT_SIZE, type SpawnSpec, type TerminalSize } from '../types';
import { Answering, type Asked } from './answering';

/** Somebody's screen that shows a terminal. */
export interface Viewer extends Disposable {
  /**
   * The size of the screen. It becomes the terminal's while somebody looks, unless the agent asked for a size and
   * no person has typed here.
   */
  resize(size: TerminalSize): void;
  /** What the screen sends is to be read by the program from now on, so it answers what that asks. */
  live(): void;
  /** A person types here: the screen's size is the terminal's. */
  takeKeyboard(): void;
  /** The screen has sent this by itself, for the program to read. */
  answered(text: string): void;
}

/** What a viewer is told. */
export interface ViewerEvents {
  /** The size that the terminal keeps whatever the screen's is; undefined when it has that of the screen. */
  fixedSize(size: TerminalSize | undefined): void;
}

/** What an audience needs of its terminal. */
export interface Stage extends Omit<Asked, 'size'> {
  /** Gives the terminal that size, if it can. May reject with another host's words. */
  readonly resize: (size: TerminalSize) => Promise<void> | void;
}

/** @param isHere whether it runs on this machine: another host answers for its own */
export function audienceOf(
  { tty, size, leavesQuestions }: SpawnSpec,
  isHere: boolean,
  stage: Stage,
): Audience | undefined {
  return tty ? new Audience(stage, size, isHere && !leavesQuestions) : undefined;
}

class Seat implements Viewer {
  isLive = false;
  hasKeyboard = false;
  size: TerminalSize | undefined;
  private told: TerminalSize | undefined;

  constructor(
    private readonly events: ViewerEvents,
    private readonly audience: Audience,
  ) {}

  /** Tells the viewer which size the terminal keeps, if that is new. */
  fix(size: TerminalSize | undefined): void {
    if (size === this.told) return;
    this.told = size;
    this.events.fixedSize(size);
  }

  resize(size: TerminalSize): void {
    this.size = size;
    this.audience.arrange(this);
  }

  live(): void {
    if (this.isLive) return;
    this.isLive = true;
    this.audience.joined();
  }

  takeKeyboard(): void {
    if (this.hasKeyboard) return;
    this.hasKeyboard = true;
    this.audience.arrange(this);
  }

  answered(text: string): void {
    this.audience.answered(text);
  }

  [Symbol.dispose](): void {
    this.audience.left(this);
  }
}

/** Who looks at a terminal, whose size it has, and who answers what its program asks. */
export class Audience {
  private readonly seats = new Set<Seat>();
  private readonly answering: Answering | undefined;
  /** What the agent asked for, or what it got. */
  private agentSize: TerminalSize;
  private size: TerminalSize;

  /**
   * @param asked the size that the agent asked for
   * @param answers whether questions are answered here while nobody looks
   */
  constructor(
    private readonly stage: Stage,
    private asked: TerminalSize | undefined,
    answers: boolean,
  ) {
    this.agentSize = asked ?? DEFAULT_SIZE;
    this.size = this.agentSize;
    const { type, output } = stage;
    const means = { type, output, size: () => this.size };
    if (answers) this.answering = new Answering(means, () => [...this.seats].some(({ isLive }) => isLive));
  }

  /** A chunk of the terminal's output, which goes on to the stage's `output`. */
  take(chunk: Buffer): void {
    if (this.answering) this.answering.take(chunk);
    else this.stage.output(chunk);
  }

  /** No output follows. */
  end(): void {
    this.answering?.flush();
  }

  /** The agent's wish; a person who has the keyboard goes first. Rejects with another host's words. */
  async resize(size: TerminalSize): Promise<void> {
    this.asked = size;
    this.agentSize = size;
    if ([...this.seats].some(({ hasKeyboard }) => hasKeyboard)) return;
    for (const seat of this.seats) seat.fix(size);
    this.size = size;
    // Also if it has it already: another host says then that it knows no such request.
    await this.stage.resize(size);
  }

  view(events: ViewerEvents): Viewer {
    const seat = new Seat(events, this);
    this.seats.add(seat);
    seat.fix(this.asked);
    return seat;
  }

  arrange(seat: Seat): void {
    if (this.asked && !seat.hasKeyboard) return;
    seat.fix(undefined);
    if (seat.size) void this.give(seat.size).catch(() => undefined);
  }

  joined(): void {
    this.answering?.flush();
  }

  answered(text: string): void {
    this.answering?.viewerTyped(text);
  }

  left(seat: Seat): void {
    if (!this.seats.delete(seat) || this.seats.size > 0) return;
    void this.give(this.agentSize).catch(() => undefined);
    this.answering?.viewersGone();
  }

  private async give(size: TerminalSize): Promise<void> {
    if (size.rows === this.size.rows && size.cols === this.size.cols) return;
    this.size = size;
    await this.stage.resize(size);
  }
}
