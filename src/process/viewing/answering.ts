import { answersIn, beginningLength, sift, type Question } from './questions';
import type { TerminalSize } from '../types';

/** Milliseconds for which the beginning of a question is kept back; who asks writes the rest at once. */
const HELD_MS = 500;
/** Milliseconds in which a terminal that somebody looks at must have answered, or it is gone and another must. */
const ASKED_MS = 2000;
/** Answers that wait to be read by the program; who asks more and reads none gets no more. */
const MAX_WAITING = 64;

/** What a program's terminal is for those who answer its questions. */
export interface Asked {
  readonly size: () => TerminalSize;
  /** Types the answer; resolves when the program's terminal has taken it, or never will. */
  readonly type: (answer: string) => Promise<unknown>;
  /** Where output goes on to. */
  readonly output: (chunk: Buffer) => void;
}

/**
 * Answers what a program asks its terminal while nobody looks at that, and takes the questions out of the output, so
 * that no viewer who comes later answers them again. While somebody looks, they pass, and are answered over there.
 */
export class Answering {
  private held: Buffer | undefined;
  private timer: NodeJS.Timeout | undefined;
  private waiting = 0;
  /** Viewers' terminals have these to answer, oldest first. */
  private passed: { readonly question: Question; readonly at: number }[] = [];

  /** @param hasViewer whether somebody's terminal answers */
  constructor(
    private readonly asked: Asked,
    private readonly hasViewer: () => boolean,
  ) {}

  /** Takes a chunk of output and hands it on. */
  take(chunk: Buffer): void {
    const whole = this.held ? Buffer.concat([this.held, chunk]) : chunk;
    this.drop();
    const { rest, questions } = sift(whole);
    if (this.hasViewer()) {
      const at = performance.now();
      for (const question of questions) this.passed.push({ question, at });
      this.passed = this.passed.slice(-MAX_WAITING);
      this.asked.output(whole);
      return;
    }
    const length = beginningLength(rest);
    if (length > 0) {
      this.held = Buffer.from(rest.subarray(rest.length - length));
      this.timer = setTimeout(() => this.flush(), HELD_MS).unref();
    }
    this.asked.output(rest.subarray(0, rest.length - length));
    for (const question of questions) this.answer(question);
  }

  /** Hands on what is kept back: nothing follows, or somebody looks now. */
  flush(): void {
    const { held } = this;
    this.drop();
    if (held) this.asked.output(held);
  }

  /** What a viewer's terminal has typed. */
  viewerTyped(text: string): void {
    for (const answer of answersIn(text)) {
      const index = this.passed.findIndex(({ question }) => question.isAnswer(answer));
      if (index >= 0) this.passed.splice(index, 1);
    }
  }

  /** The last viewer is gone, and with it the answers that it has not given. */
  viewersGone(): void {
    const since = performance.now() - ASKED_MS;
    const open = this.passed.filter(({ at }) => at >= since);
    this.passed = [];
    for (const { question } of open) this.answer(question);
  }

  private answer(question: Question): void {
    if (this.waiting >= MAX_WAITING) return;
    this.waiting += 1;
    const done = (): void => void (this.waiting -= 1);
    this.asked.type(question.answer(this.asked.size())).then(done, done);
  }

  private drop(): void {
    clearTimeout(this.timer);
    this.held = undefined;
  }
}
