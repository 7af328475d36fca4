/** Control characters, and the marks by which text changes its direction and so its look. */

const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Untrusted text on one line: line breaks become ⏎, what can't be seen goes. */
export function oneLine(text: string): string {
  return text
    .trim()
    .replace(/\s*\r?\n\s*/g, ' ⏎ ')
    .replace(/\t/g, ' ')
    .replace(INVISIBLE, '');
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

/** A code block that its content can't end early. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
