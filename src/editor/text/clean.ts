import { INVISIBLE } from '../../server/logger';

/** How many times `n` characters are looked at in a text that is cleaned down to `n`: a bound on the work. */
const LOOKED_AT = 4;
const LINE_ENDS = /[\n\v\f\r\u0085\u2028\u2029]/;

/** Untrusted text on one line: line breaks become ⏎, what can't be seen goes. In linear time. */
export function oneLine(text: string): string {
  return text
    .split(LINE_ENDS)
    .map((line) => line.replaceAll('\t', ' ').replace(INVISIBLE, '').trim())
    .filter(Boolean)
    .join(' ⏎ ');
}

/** At most `max` characters, an ellipsis in place of the rest; never half a character. */
export function shorten(text: string, max: number): string {
  const characters = Array.from(text.slice(0, max * 2 + 2));
  return characters.length <= max
    ? text
    : characters
        .slice(0, max - 1)
        .join('')
        .trimEnd() + '…';
}

/** Untrusted text of any length as one line of at most `max` characters, an ellipsis in place of the rest. */
export function shortLine(text: string, max: number): string {
  const line = oneLine(text.slice(0, max * LOOKED_AT));
  const short = shorten(line, max);
  if (short !== line || text.length <= max * LOOKED_AT) return short;
  const shorter = shorten(line, max - 1);
  return shorter === line ? `${line}…` : shorter;
}
