/** A single-quoted word of a shell, with its quotes written as '"'"' or '\''; or a plain one. */
const WORD = String.raw`((?:'[^']*'|"'"|\\'|[^\s'"\\]+)+)`;
const CLAUDE = new RegExp(String.raw` && eval ${WORD}(?: < /dev/null)? && pwd -P >\| \S+$`);
const GEMINI = /^shopt -u [^\n]*\n\(\n {2}trap '[^\n]*' EXIT\n([\s\S]*)\n\)\n__code=\$\?\nexit \$__code$/;

/**
 * The command that a model asked for, without what its agent put around it. Undefined when nothing is known to be
 * around it: then it is the command line as it is.
 */
export function ownCommand(argv: readonly string[]): string | undefined {
  const script = argv.at(-1) ?? '';
  const [, gemini] = GEMINI.exec(script) ?? [];
  if (gemini !== undefined) return gemini;
  const [, word] = CLAUDE.exec(script) ?? [];
  return word?.replace(/'([^']*)'|"(')"|\\(')/g, '$1$2$3');
}
