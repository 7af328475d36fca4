/** The end of what a program wrote, as far as it matters for whether it asks something. */
export interface LastLine {
  /** What stands behind the last line end, or since it began anew; empty if nothing does. */
  readonly text: string;
  /** The last line with text before that. */
  readonly before: string;
  /** It was written over, as a progress bar is. */
  readonly rewritten: boolean;
  /** It is on a terminal's other screen, as editors and pagers are. */
  readonly otherScreen: boolean;
  /** Places on the screen were chosen by row and column, since whatever ran in the terminal before. */
  readonly placed: boolean;
}

/** Sequences of a terminal: with parameters, strings, and short ones. */
const SEQUENCE =
  /\x1b\[[0-?]*[ -/]*[@-~]|\x1b[P\]X^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
/** Go to the beginning of the line. */
const ANEW = /\r|\x1b\[1?G|\x1b\[2K/;
const PLACED = /\x1b\[\d*(?:;\d*)?[Hf]/;
/** That alone is no drawing. */
const CLEARED = /\x1b\[H(?:\x1b\[[23]?J)+/g;
/** A program gives the screen back, or a shell runs a command. */
const BEFORE = /^.*\x1b\[\?(?:1049|1047|47|2004)l/s;
const OTHER_SCREEN = /\x1b\[\?(?:1049|1047|47)([hl])/g;
/** What turns text round is not shown. */
const UNSEEN = /[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Reads the end of a program's output, decoded; a screen's worth of it is enough. */
export function lastLine(tail: string): LastLine {
  const lines = tail.replace(/(?:\r|\x1b\[0?m)+\n/g, '\n').split('\n');
  const raw = lines.pop() ?? '';
  const parts = raw.split(ANEW).map(visible);
  const filled = parts.filter(Boolean);
  return {
    text: filled.at(-1) ?? '',
    before: lines.map((line) => visible(line.split(ANEW).at(-1) ?? '')).findLast(Boolean) ?? '',
    rewritten: filled.length > 1,
    otherScreen: [...tail.matchAll(OTHER_SCREEN)].at(-1)?.[1] === 'h',
    placed: PLACED.test(tail.replace(BEFORE, '').replace(CLEARED, '')),
  };
}

function visible(text: string): string {
  return text.replace(SEQUENCE, '').replace(UNSEEN, '').replaceAll('\t', ' ').trim();
}
