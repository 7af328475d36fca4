/** Each character begins one of the three at most, so that nothing is tried twice. */
const WORD = String.raw`(?:'[^']*'|"[^"]*"|[^\s'"&;|⏎])+`;
const NAME = String.raw`[A-Za-z_]\w*`;
const NEXT = String.raw` ?(?:&&|;|⏎) ?`;

/** What stands before the command that matters, on one line in which ⏎ is a line end. */
const PREAMBLE = new RegExp(
  '^(?:' +
    [
      String.raw`#[^⏎]*⏎ ?`,
      `cd ${WORD}${NEXT}`,
      `set [-+]${WORD}(?: [-+]${WORD})*(?: pipefail)?${NEXT}`,
      `export ${NAME}=(?:${WORD})?${NEXT}`,
      `(?:source|\\.) ${WORD}${NEXT}`,
      `(?:env )?${NAME}=(?:${WORD})?(?:${NEXT}| )`,
    ].join('|') +
    ')',
);
/** So many steps at most: the text is of strangers. */
const STEPS = 16;

/**
 * The command that matters of a command line, for a row: without changes of folder, options of the shell, comments
 * and variables before it. All of it if nothing else is there.
 *
 * @param line one line of bounded length, with ⏎ for line ends
 */
export function essence(line: string): string {
  let rest = line;
  for (let step = 0; step < STEPS; step++) {
    const after = rest.replace(PREAMBLE, '').trimStart();
    if (after === '' || after === rest) break;
    rest = after;
  }
  return rest;
}
