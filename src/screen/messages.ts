/** Marks without letters: before a line, behind its letters, and where the next line begins. */
export interface HeaderMarks {
  readonly before: string;
  readonly behind: string;
  readonly below: string;
}

/** The line that a terminal begins with. */
export interface Header extends HeaderMarks {
  /** How many lines are put in front once it has scrolled away. */
  readonly linesInFront: number;
}

export interface ScreenOptions {
  readonly cols: number;
  readonly rows: number;
  /** Lines above the screen that are kept. */
  readonly scrollback: number;
  readonly tabStopWidth: number;
  readonly unicodeVersion: '6' | '11';
  readonly header?: Header | undefined;
}

/** How a new terminal gets as far as one that has seen everything. */
export interface Snapshot {
  /** Without any question that a terminal would answer. */
  readonly text: string;
  /** Lines that are not among it, because the terminal keeps no more. */
  readonly earlierLines: number;
  /** Where the cursor is: 0 at the beginning of a line. */
  readonly column: number;
}

/** What a terminal shows at one moment. */
export interface ScreenText {
  readonly rows: number;
  readonly cols: number;
  /** From 1. */
  readonly cursorRow: number;
  readonly cursorColumn: number;
  /** Whether a program has taken the whole screen. */
  readonly isAlternate: boolean;
  /** From the top, without blanks at their ends and without empty ones below. */
  readonly lines: readonly string[];
}

/** To the thread, in order. */
export type ScreenRequest =
  | { readonly type: 'write'; readonly text: string }
  | { readonly type: 'resize'; readonly cols: number; readonly rows: number }
  | { readonly type: 'snapshot' };

/** From it: each write is answered when it has been taken in. */
export type ScreenReply =
  { readonly type: 'written'; readonly characters: number } | ({ readonly type: 'snapshot' } & Snapshot);
