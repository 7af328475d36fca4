type State = 'ground' | 'escape' | 'csi' | 'string';

const BEL = 0x07;
const CAN = 0x18;
const SUB = 0x1a;
const ESC = 0x1b;
const ST = 0x9c;

const LEAVES_GROUND = /[\u001b\u0080-\u009f]/g;

/** Follows a terminal's parser just far enough to know where text of our own can be put in harmlessly. */
export class EscapeScanner {
  private state: State = 'ground';
  private begin = 0;

  /** Where in the text of the last scan that began what is outside every sequence, up to the place that `scan` returned. */
  get groundBegin(): number {
    return this.begin;
  }

  reset(): void {
    this.state = 'ground';
  }

  /** Returns the last place in `text` that is outside every escape sequence, -1 when there is none. */
  scan(text: string): number {
    let ground = this.state === 'ground' ? 0 : -1;
    this.begin = 0;
    for (let at = 0; at < text.length;) {
      if (this.state === 'ground') {
        LEAVES_GROUND.lastIndex = at;
        const found = LEAVES_GROUND.exec(text);
        if (!found) return text.length;
        at = found.index;
        ground = at;
      }
      this.step(text.charCodeAt(at++));
      if (this.state === 'ground') this.begin = ground = at;
    }
    return ground;
  }

  private step(code: number): void {
    if (code === ESC) this.state = 'escape';
    else if (code === CAN || code === SUB || code === ST) this.state = 'ground';
    else if (code >= 0x80 && code <= 0x9f) this.state = afterC1(code);
    else if (this.state === 'escape') this.state = afterEscape(code);
    else if (this.state === 'csi' && code >= 0x40 && code !== 0x7f) this.state = 'ground';
    else if (this.state === 'string' && code === BEL) this.state = 'ground';
  }
}

/** The eight-bit forms of `ESC [`, `ESC P` and so on. */
function afterC1(code: number): State {
  if (code === 0x9b) return 'csi';
  return code === 0x90 || code === 0x98 || code >= 0x9d ? 'string' : 'ground';
}

function afterEscape(code: number): State {
  if (code < 0x30 || code === 0x7f) return 'escape';
  const character = String.fromCharCode(code);
  if (character === '[') return 'csi';
  return 'P]X^_'.includes(character) ? 'string' : 'ground';
}
