import type { Waiting } from '../../model';

/** So long nothing must have come, in ms: up to twice as long. */
const QUIET_MS = 200;
/** Until the next look at what stays quiet, in ms, doubled each time. */
const FIRST_AGAIN_MS = 1000;
/** While it waits: a secret is taken without a word. */
const WAITING_AGAIN_MS = 5000;
const LAST_AGAIN_MS = 60_000;
/** What ended its line is hardly going to ask; so many more looks. */
const LOOKS_AT_WHOLE_LINES = 3;

/** What one look has found. */
export interface QuietLook {
  readonly waiting: Waiting | null;
  /** Its last line is not at its end. */
  readonly unfinished: boolean;
}

/**
 * When a process is looked at for whether it waits for input: once its output has gone quiet, and then ever more
 * seldom. While output flows this costs a store for each piece of it, and without output nothing at all.
 */
export class InputWatch {
  #waiting: Waiting | null = null;
  #timer: NodeJS.Timeout | undefined;
  /** The timer waits for quiet, not for the next look. */
  #settling = false;
  #stirred = false;
  #looks = 0;
  #told = false;
  #ended = false;

  readonly #listeners = new Set<() => void>();

  /** @param look costs some 0.1 ms */
  constructor(private readonly look: () => QuietLook) {
    // It may ask for a secret without a word.
    this.stir();
  }

  get waiting(): Waiting | null {
    return this.#waiting;
  }

  /** Something came from it or was written to it. */
  readonly stir = (): void => {
    this.#stirred = true;
    if (this.#settling || this.#told || this.#ended) return;
    this.#looks = 0;
    this.#settling = true;
    this.#arm(QUIET_MS);
  };

  /** Somebody knows: nothing is looked at from now on. */
  tell(waiting: Waiting | null): void {
    if (this.#ended) return;
    this.#told = true;
    clearTimeout(this.#timer);
    this.#set(waiting);
  }

  /** Calls `listener` after each change of `waiting`, its end with the process included; returns the way to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** It waits for nothing any more. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#set(null);
    this.#listeners.clear();
  }

  #arm(ms: number): void {
    this.#stirred = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#due(), ms).unref();
  }

  #due(): void {
    // While it waits each answer may end that, and what it writes then may be without end.
    if (this.#stirred && !this.#waiting) return this.#arm(QUIET_MS);
    this.#settling = this.#stirred;
    const { waiting, unfinished } = this.look();
    this.#set(waiting);
    if (this.#settling) return this.#arm(QUIET_MS);
    const again = FIRST_AGAIN_MS * 2 ** this.#looks++;
    if (waiting) this.#arm(Math.min(again, WAITING_AGAIN_MS));
    else if (unfinished || this.#looks <= LOOKS_AT_WHOLE_LINES) this.#arm(Math.min(again, LAST_AGAIN_MS));
  }

  #set(waiting: Waiting | null): void {
    const before = this.#waiting;
    const question = before?.question ?? '';
    // What is typed behind a question is echoed there.
    const same = waiting?.question === question || (question && waiting?.question.startsWith(question));
    if (before?.kind === waiting?.kind && (!waiting || same)) return;
    this.#waiting = waiting;
    for (const listener of this.#listeners) listener();
  }
}
