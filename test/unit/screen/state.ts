import type { Terminal } from '@xterm/headless';
import { internalsOf, type ScreenBuffer } from '../../../src/screen/internals';

/** Everything of a terminal that can be seen, now or by what comes next. */
export function stateOf(terminal: Terminal): Record<string, unknown> {
  const { buffers, coreService, coreMouseService, _charsetService, _inputHandler } = internalsOf(terminal);
  const { x, y, ybase, scrollTop, scrollBottom, savedX, savedY } = buffers.active;
  return {
    lines: linesOf(terminal, buffers.normal, 0),
    alt: buffers.active === buffers.alt ? linesOf(terminal, buffers.alt, buffers.alt.ybase) : undefined,
    // Behind the last column is behind it, however far.
    cursor: [Math.min(x, terminal.cols), y],
    margins: [scrollTop, scrollBottom],
    saved: [Math.min(savedX, terminal.cols - 1), Math.min(Math.max(savedY - ybase, 0), terminal.rows - 1)],
    style: look(_inputHandler._curAttrData),
    modes: coreService.modes,
    dec: { ...coreService.decPrivateModes, synchronizedOutput: false },
    hidden: coreService.isCursorHidden,
    mouse: [coreMouseService.activeProtocol, coreMouseService.activeEncoding],
    letters: _charsetService.charset,
    eol: terminal.options.convertEol,
  };
}

function linesOf(terminal: Terminal, buffer: ScreenBuffer, from: number): string[] {
  const cell = terminal.buffer.active.getNullCell() as never as Parameters<typeof look>[0] & {
    getChars(): string;
    getWidth(): number;
  };
  const lines: string[] = [];
  for (let index = from; index < buffer.lines.length; index++) {
    const line = buffer.lines.get(index);
    if (!line) continue;
    // Below an empty line nothing goes on, whatever was above it before it was scrolled.
    let text = line.isWrapped && index > from && lines.at(-1) !== '' ? '+' : '';
    let style = '';
    for (let column = 0; column < terminal.cols; column++) {
      line.loadCell(column, cell);
      const isCut = cell.getWidth() === 2 && column === terminal.cols - 1;
      const chars = isCut ? '' : cell.getChars();
      if (chars === '' && cell.getWidth() === 0) continue;
      // Of a place without a letter only the colour behind it is seen.
      const seen = chars === '' || chars === ' ' ? look(plainOf(cell)) : look(cell);
      if (seen !== style) text += `{${seen}}`;
      style = seen;
      text += chars || ' ';
    }
    lines.push(text.replace(/(?:\{0,0,0\})? *$/, ''));
  }
  return lines;
}

interface Look {
  readonly fg: number;
  readonly bg: number;
  readonly extended: { readonly _ext: number; readonly urlId: number };
}

const INVERSE = 0x4000000;
const UNDERLINE = 0x10000000;
/** These two stand among the bits of the background. */
const FAINT = 0x8000000;
const ITALIC = 0x4000000;
const STRIKE = 0x80000000;

/** Of a place without a letter: faint and italic are seen of its lines only. */
function plainOf({ fg, bg, extended }: Look): Look {
  const lines = fg & (UNDERLINE | STRIKE | INVERSE);
  return lines === 0 ? { fg: 0, bg: bg & ~(FAINT | ITALIC), extended } : { fg, bg, extended };
}

/** A link has other numbers in each terminal. */
function look({ fg, bg, extended }: Look): string {
  const { _ext: ext } = bg & 0x10000000 ? extended : { _ext: 0 };
  const style = (ext >>> 26) & 7 || 1;
  const underline = fg & UNDERLINE ? (ext & 0x3ffffff) | (style << 26) : 0;
  return [clean(fg), clean(bg & ~0x10000000), clean(underline)].join();
}

/** A colour of the palette may have rests of an earlier one that was not. */
function clean(value: number): number {
  const isPalette = (value & 0x3000000) === 0x1000000 || (value & 0x3000000) === 0x2000000;
  return isPalette ? value & ~0xffff00 : value;
}
