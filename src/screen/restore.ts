import type { Charsets } from './charsets';
import type { Internals, ScreenBuffer } from './internals';
import { LinePainter, type Insert } from './lines';
import { link, sgr } from './style';

const CURSOR_STYLES = { block: 1, underline: 3, bar: 5 } as const;
const MOUSE_PROTOCOLS: Readonly<Record<string, number>> = { X10: 9, VT200: 1000, DRAG: 1002, ANY: 1003 };
const MOUSE_ENCODINGS: Readonly<Record<string, number>> = { SGR: 1006, SGR_PIXELS: 1016 };
const TAB_WIDTH = 8;

export interface RestoreOptions {
  readonly nullCell: unknown;
  readonly charsets: Charsets;
  readonly convertsEol: boolean;
  /** The first line of the normal screen's buffer that is drawn. */
  readonly from: number;
  readonly insert: Insert | undefined;
}

/**
 * What brings a new terminal of the same size into the state of this one: lines, screens, cursors, margins, modes. There
 * is no question among it. Tab stops every eight columns are taken for granted.
 */
export function restore(terminal: Internals, options: RestoreOptions): string {
  const { buffers } = terminal;
  const painter = new LinePainter(terminal, options.nullCell);
  let text =
    painter.paint(buffers.normal, options.from, options.insert) + own(terminal, buffers.normal, options);
  if (buffers.active === buffers.alt) {
    text += `\x1b[m\x1b]8;;\x1b\\\x1b[?47h\x1b[H${painter.paint(buffers.alt, 0)}`;
    text += own(terminal, buffers.alt, options);
  }
  return text + cursor(terminal, painter, options.charsets) + modes(terminal, options.convertsEol);
}

/** What a screen has for itself: tab stops, the saved cursor, margins. With another set of letters than that in its place. */
function own(terminal: Internals, buffer: ScreenBuffer, { charsets }: RestoreOptions): string {
  const { rows, cols, _charsetService: letters } = terminal;
  const { savedX, savedY, savedCharset, savedCurAttrData, ybase, scrollTop, scrollBottom } = buffer;
  let text = tabs(buffer, cols);
  const { fg, bg } = savedCurAttrData;
  // One that was never saved is what a new terminal has, wherever its screen is by now.
  if (savedX !== 0 || savedY !== 0 || fg !== 0 || bg !== 0 || savedCharset !== undefined) {
    const row = Math.min(Math.max(savedY - ybase, 0), rows - 1);
    text += `\x1b[${row + 1};${Math.min(savedX, cols - 1) + 1}H`;
    text += `${sgr(savedCurAttrData)}${charsets.designate(0, savedCharset)}\x1b7`;
    if (savedCharset !== undefined) text += charsets.designate(0, undefined);
  }
  if (buffer === terminal.buffers.active) {
    text += charsets.all(letters);
    // The set that was saved counts again until another one is chosen.
    if (letters.charset !== letters._charsets[letters.glevel] && letters.charset === savedCharset)
      text += '\x1b8';
  }
  if (scrollTop !== 0 || scrollBottom !== rows - 1) text += `\x1b[${scrollTop + 1};${scrollBottom + 1}r`;
  return text;
}

function tabs(buffer: ScreenBuffer, cols: number): string {
  const stops = Object.keys(buffer.tabs)
    .map(Number)
    .filter((column) => buffer.tabs[column] && column < cols);
  if (stops.length === Math.ceil(cols / TAB_WIDTH) && stops.every((column) => column % TAB_WIDTH === 0))
    return '';
  return `\x1b[3g${stops.map((column) => `\x1b[${column + 1}G\x1bH`).join('')}`;
}

/** Where the next letter goes, and how it looks. */
function cursor(terminal: Internals, painter: LinePainter, charsets: Charsets): string {
  const { buffers, cols, coreService, _inputHandler, _charsetService: letters } = terminal;
  const { x, y, ybase, scrollTop, lines } = buffers.active;
  const { origin } = coreService.decPrivateModes;
  let text = origin ? '\x1b[?6h' : '';
  text += `\x1b[${(origin ? y - scrollTop : y) + 1};${Math.min(x, cols - 1) + 1}H`;
  const line = lines.get(ybase + y);
  // Only a letter can leave it behind the last column.
  if (x >= cols && line) {
    text += `${charsets.designate(0, undefined)}\x0f${painter.again(line, cols - 1)}${charsets.all(letters)}`;
  }
  return text + sgr(_inputHandler._curAttrData) + link(_inputHandler._curAttrData, terminal);
}

function modes({ coreService, coreMouseService }: Internals, convertsEol: boolean): string {
  const { decPrivateModes: dec, isCursorHidden } = coreService;
  let text = '';
  const set = (isSet: boolean, code: string): void => void (text += isSet ? `\x1b[${code}` : '');
  set(coreService.modes.insertMode, '4h');
  set(convertsEol, '20h');
  set(dec.applicationCursorKeys, '?1h');
  set(dec.applicationKeypad, '?66h');
  set(dec.bracketedPasteMode, '?2004h');
  set(dec.reverseWraparound, '?45h');
  set(dec.sendFocus, '?1004h');
  set(!dec.wraparound, '?7l');
  set(isCursorHidden, '?25l');
  const protocol = MOUSE_PROTOCOLS[coreMouseService.activeProtocol];
  const encoding = MOUSE_ENCODINGS[coreMouseService.activeEncoding];
  set(protocol !== undefined, `?${protocol}h`);
  set(encoding !== undefined, `?${encoding}h`);
  const style = dec.cursorStyle;
  if (style) text += `\x1b[${CURSOR_STYLES[style] + (dec.cursorBlink === false ? 1 : 0)} q`;
  return text;
}
