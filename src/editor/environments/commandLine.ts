/**
 * The words of a command line: parted by blanks, kept together by single or double quotes; a backslash takes the
 * next character as it is, except within single quotes and, so that Windows paths survive, before a letter or digit.
 * Undefined when a quote is not closed. Nothing else is special: no shell sees it.
 */
export function splitCommand(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    const next = line.charAt(at + 1);
    if (character === '\\' && quote !== "'" && /[^\w]/.test(next)) {
      word = (word ?? '') + next;
      at++;
    } else if (quote) {
      if (character === quote) quote = '';
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quote) return undefined;
  if (word !== undefined) words.push(word);
  return words;
}
