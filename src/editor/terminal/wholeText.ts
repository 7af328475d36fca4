import { EscapeScanner } from './escapeScanner';

/** The longest piece of a sequence that is held; of a longer one the middle, which nobody will see, goes. */
const MAX_HELD_CHARACTERS = 1024 * 1024;
const KEPT_CHARACTERS = 1024;

/** A letter and what joins it. */
const LAST_LETTER = /[^\p{M}\p{Cf}\p{Cc}][\p{M}\p{Cf}]*$/u;

/**
 * Cuts text where a terminal has nothing in mind that it does not show: outside of every sequence, and before a letter
 * that others may join or that makes the line full.
 */
export class WholeText {
  private readonly scanner = new EscapeScanner();
  private letter = '';
  private sequence = '';

  /** What is held back, to be sent as it is. */
  get rest(): string {
    return this.letter + this.sequence;
  }

  /** Takes more text; gives what can be shown by other means as well. */
  push(text: string): string {
    const ground = this.scanner.scan(text);
    if (ground < 0) {
      const all = this.sequence + text;
      const isLong = all.length > MAX_HELD_CHARACTERS;
      this.sequence = isLong ? all.slice(0, KEPT_CHARACTERS) + all.slice(-KEPT_CHARACTERS) : all;
      return '';
    }
    const { groundBegin } = this.scanner;
    const before = groundBegin === 0 ? this.letter : '';
    const whole = this.rest + text.slice(0, ground);
    this.sequence = text.slice(ground);
    this.letter = lastLetterOf(before + text.slice(Math.max(groundBegin, ground - KEPT_CHARACTERS), ground));
    return whole.slice(0, whole.length - this.letter.length);
  }

  /** Gives the letter too, because something happens that is not in the text. */
  flush(): string {
    const { letter } = this;
    this.letter = '';
    return letter;
  }
}

/** The last letter of a text without sequences; nothing if it ends with something else. */
function lastLetterOf(text: string): string {
  return LAST_LETTER.exec(text)?.[0] ?? '';
}
