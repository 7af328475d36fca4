import type { HeaderMarks } from './messages';
import type { Cell, Internals, Line, ScreenBuffer } from './internals';
import { hasBackground, hasExtended, isMoreThanColour, keyOf, link, sgr } from './style';

/** Marks without letters, and where they belong. */
export interface Insert extends HeaderMarks {
  readonly line: number;
}

const NOTHING_MORE = { _ext: 0, urlId: 0 };
const PLAIN = '\x1b[m';
const NO_LINK = '\x1b]8;;\x1b\\';

/** Draws the lines of a buffer on an empty one of the same size, from its top left on, and scrolls what is too much. */
export class LinePainter {
  private readonly cell: Cell;
  private style = '';
  private url = 0;

  constructor(
    private readonly terminal: Internals,
    nullCell: unknown,
  ) {
    this.cell = nullCell as Cell;
  }

  /** @param insert around which line something is to be put */
  paint({ lines }: ScreenBuffer, from: number, insert?: Insert): string {
    // The other screen begins plain.
    this.style = '';
    this.url = 0;
    let text = '';
    for (let index = from; index < lines.length; index++) {
      const line = lines.get(index);
      if (!line) continue;
      const marks = index === insert?.line ? insert : undefined;
      if (index - 1 === insert?.line) text += insert.below;
      text += (marks?.before ?? '') + this.line(line) + (marks?.behind ?? '');
      // The list is a ring.
      const next = index + 1 < lines.length ? lines.get(index + 1) : undefined;
      if (next) text += this.plain() + (next.isWrapped ? this.wrap(line) : '\r\n');
    }
    return text;
  }

  /** The one place of a line again, with the cursor behind it: beyond the end of the line if it is the last one. */
  again(line: Line, column: number): string {
    this.style = '';
    const { cell } = this;
    this.load(line, column);
    const start = column > 0 && cell.getWidth() === 0 && cell.getChars() === '' ? column - 1 : column;
    this.load(line, start);
    return `\x1b[${start + 1}G${this.styled(cell)}${cell.getChars() || ' '}`;
  }

  private line(line: Line): string {
    const { cell } = this;
    let text = '';
    let skipped = 0;
    for (let column = 0; column < this.terminal.cols; column++) {
      this.load(line, column);
      const width = cell.getWidth();
      // A wide letter that was cut when the lines became shorter cannot be drawn.
      const chars = width === 2 && column === this.terminal.cols - 1 ? '' : cell.getChars();
      if (chars === '' && width === 0) continue;
      if (chars === '' && !hasBackground(cell) && !isMoreThanColour(cell)) {
        skipped++;
        continue;
      }
      if (skipped > 0) text += `\x1b[${skipped}C`;
      skipped = 0;
      if (chars === '' && !isMoreThanColour(cell)) {
        text += `${this.styled(cell)}\x1b[X`;
        skipped = 1;
      } else text += this.styled(cell, width === 0) + (chars || ' ');
    }
    return text;
  }

  /** The next line goes on where this one ends. */
  private wrap(line: Line): string {
    const last = this.terminal.cols - 1;
    this.load(line, last);
    const { cell } = this;
    // A letter in the last place has the cursor wait behind it; nothing else can, and a wide one that was cut is not drawn.
    const isLetter = cell.getWidth() !== 2 && (cell.getChars() !== '' || cell.getWidth() === 0);
    if (isLetter || isMoreThanColour(cell)) return ' \r\x1b[X';
    const erased = `\x1b[A\x1b[${last + 1}G${sgr(cell)}\x1b[X${PLAIN}\x1b[B\r`;
    return `\x1b[${last + 1}G  \r\x1b[X${erased}`;
  }

  private load(line: Line, column: number): void {
    const { cell } = this;
    line.loadCell(column, cell);
    // Those of another one are left there.
    if (!hasExtended(cell)) cell.extended = NOTHING_MORE;
  }

  /** @param always also if nothing changes, so that what follows does not join the letter before */
  private styled(cell: Cell, always = false): string {
    const key = keyOf(cell);
    if (key === this.style && !always) return '';
    this.style = key;
    const { urlId } = cell.extended;
    const linked = urlId === this.url ? '' : link(cell, this.terminal);
    this.url = urlId;
    return sgr(cell) + linked;
  }

  private plain(): string {
    this.style = '';
    const ends = this.url === 0 ? '' : NO_LINK;
    this.url = 0;
    return PLAIN + ends;
  }
}
