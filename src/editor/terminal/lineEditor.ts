/** What a typed piece leads to. */
export type LineAction =
  | { readonly type: 'echo'; readonly text: string }
  | { readonly type: 'send'; readonly text: string }
  | { readonly type: 'interrupt' }
  | { readonly type: 'end' };

const BACKSPACE = new Set(['\x7f', '\b']);
export const CTRL_C = '\x03';
const CTRL_D = '\x04';
const CTRL_U = '\x15';
const CTRL_W = '\x17';
const TAB_COLUMNS = 4;

/** Arrow keys and the like: a plain line has no use for them. Bracketed paste's marks go too, its text stays. */

const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|O[@-~]|[PX^_\]][^\x07\x1b]*(?:\x07|\x1b\\)|[^])?/g;
const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

const segmenter = new Intl.Segmenter();
/** The segmenter's work grows with the square of the length, so it gets short pieces: what lies between plain letters. */
const PIECES = /[\0-\x7f](?![^\0-\x7f])|[^]{1,200}?(?=[\0-\x7f]{2}|$)|[^]{1,200}/gu;
const characters = (text: string): string[] =>
  (text.match(PIECES) ?? []).flatMap((piece) =>
    piece.length === 1 ? piece : Array.from(segmenter.segment(piece), ({ segment }) => segment),
  );

/** What a kernel's line discipline does for a terminal, for a child that has a plain pipe as its input. */
export class LineEditor {
  private line: string[] = [];

  type(data: string): LineAction[] {
    const actions: LineAction[] = [];
    for (const character of characters(data.replace(ESCAPES, '').replace(/\r\n?/g, '\n'))) {
      this.key(character, actions);
    }
    return joinEchoes(actions);
  }

  private key(character: string, actions: LineAction[]): void {
    if (character === '\n') {
      actions.push({ type: 'echo', text: '\r\n' }, { type: 'send', text: this.take() + '\n' });
    } else if (BACKSPACE.has(character)) this.erase(1, actions);
    else if (character === CTRL_U) this.erase(this.line.length, actions);
    else if (character === CTRL_W) this.erase(lastWord(this.line), actions);
    else if (character === CTRL_C) {
      this.take();
      actions.push({ type: 'echo', text: '^C\r\n' }, { type: 'interrupt' });
    } else if (character === CTRL_D) {
      // As a terminal does: what is there goes without a newline; at the beginning of a line it is the end.
      actions.push(this.line.length ? { type: 'send', text: this.take() } : { type: 'end' });
    } else if (character === '\t' || character >= ' ') {
      this.line.push(character);
      actions.push({ type: 'echo', text: shown(character) });
    }
  }

  private erase(count: number, actions: LineAction[]): void {
    const gone = count ? this.line.splice(-count) : [];
    const columns = gone.reduce((sum, character) => sum + width(character), 0);
    if (columns) actions.push({ type: 'echo', text: '\b \b'.repeat(columns) });
  }

  private take(): string {
    return this.line.splice(0).join('');
  }
}

function lastWord(line: readonly string[]): number {
  let start = line.length;
  while (start > 0 && line[start - 1] === ' ') start--;
  while (start > 0 && line[start - 1] !== ' ') start--;
  return line.length - start;
}

const shown = (character: string): string => (character === '\t' ? ' '.repeat(TAB_COLUMNS) : character);

function width(character: string): number {
  return character === '\t' ? TAB_COLUMNS : WIDE.test(character) ? 2 : 1;
}

function joinEchoes(actions: readonly LineAction[]): LineAction[] {
  const joined: LineAction[] = [];
  for (const action of actions) {
    const last = joined.at(-1);
    if (action.type === 'echo' && last?.type === 'echo') {
      joined[joined.length - 1] = { type: 'echo', text: last.text + action.text };
    } else joined.push(action);
  }
  return joined;
}
