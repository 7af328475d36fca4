import type { Terminal } from '@xterm/headless';

/** How letters look, as the terminal's own parts keep it. */
export interface Style {
  readonly fg: number;
  readonly bg: number;
  readonly extended: { readonly _ext: number; readonly urlId: number };
}

/** One place of a line. */
export interface Cell extends Style {
  extended: Style['extended'];
  getChars(): string;
  getWidth(): number;
}

/** A line of a buffer. */
export interface Line {
  readonly length: number;
  readonly isWrapped: boolean;
  loadCell(column: number, cell: Cell): Cell;
}

/** A set of letters in place of those of ASCII; undefined for ASCII itself. */
export type Charset = Readonly<Record<string, string>> | undefined;

/** One of the two screens, with what belongs to it alone. */
export interface ScreenBuffer {
  readonly lines: {
    readonly length: number;
    get(index: number): Line | undefined;
    onTrim(listener: (count: number) => void): void;
  };
  readonly x: number;
  readonly y: number;
  readonly ybase: number;
  readonly scrollTop: number;
  readonly scrollBottom: number;
  readonly tabs: Readonly<Record<number, boolean>>;
  readonly savedX: number;
  readonly savedY: number;
  readonly savedCurAttrData: Style;
  readonly savedCharset: Charset;
}

/** What the library does not offer and a faithful copy needs; the library's version is pinned because of it. */
export interface Internals {
  readonly cols: number;
  readonly rows: number;
  readonly buffers: {
    readonly normal: ScreenBuffer;
    readonly alt: ScreenBuffer;
    readonly active: ScreenBuffer;
  };
  readonly _inputHandler: { readonly _curAttrData: Style; parse(text: string): unknown };
  readonly _charsetService: {
    readonly charset: Charset;
    readonly glevel: number;
    readonly _charsets: readonly Charset[];
  };
  readonly coreService: {
    readonly isCursorHidden: boolean;
    readonly modes: { readonly insertMode: boolean };
    readonly decPrivateModes: {
      readonly applicationCursorKeys: boolean;
      readonly applicationKeypad: boolean;
      readonly bracketedPasteMode: boolean;
      readonly cursorBlink: boolean | undefined;
      readonly cursorStyle: 'block' | 'underline' | 'bar' | undefined;
      readonly origin: boolean;
      readonly reverseWraparound: boolean;
      readonly sendFocus: boolean;
      readonly wraparound: boolean;
    };
  };
  readonly coreMouseService: { readonly activeProtocol: string; readonly activeEncoding: string };
  readonly _oscLinkService: {
    getLinkData(id: number): { readonly id?: string | undefined; readonly uri: string } | undefined;
  };
}

/** The parts of a terminal. */
export function internalsOf(terminal: Terminal): Internals {
  return (terminal as unknown as { readonly _core: Internals })._core;
}
