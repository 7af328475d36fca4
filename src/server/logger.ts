/** Where the server tells what it does. Never given the token or the content of frames. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** What one line of a log holds at most. */
const LINE_CHARACTERS = 4096;

/**
 * Characters that are not seen and change how others look or what a terminal does: controls, line ends, direction
 * marks, joiners, fillers, tags, and halves of characters. Not the marks that choose the look of an emoji.
 */
export const INVISIBLE =
  /(?![\ufe00-\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** What a log is told, as one line whoever wrote it: what is not seen stands there as `\n`, `\x1b`, `\u202e`. */
export function logLine(message: string): string {
  const rest = message.length - LINE_CHARACTERS;
  const line = message.slice(0, LINE_CHARACTERS).replace(INVISIBLE, escaped);
  return rest > 0 ? `${line}… (${rest} more characters)` : line;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\n') return '\\n';
  if (code > 0xffff) return `\\u{${code.toString(16)}}`;
  return code > 0xff
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\x${code.toString(16).padStart(2, '0')}`;
}
