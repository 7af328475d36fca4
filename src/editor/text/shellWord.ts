import { INVISIBLE } from '../../server/logger';

/** No shell makes anything of these; `=` and `%` mean something at the beginning of a word. */
const PLAIN_WORD = /^[\w@+,./:-][\w@%+=,./:-]*$/;
/** The name of a program: with a `=` it would be an assignment. */
const PLAIN_NAME = /^[\w./][\w@+,./:-]*$/;
const RESERVED =
  /^(?:case|coproc|do|done|elif|else|end|esac|fi|for|foreach|function|if|in|nocorrect|noglob|repeat|select|then|time|until|while)$/;
/** The shell itself does these, and otherwise than a program of that name; `%` calls back a job. */
const BUILTIN =
  /^(?:[.:]|%.*|alias|builtin|cd|command|declare|eval|exec|exit|export|return|set|source|trap|typeset|unset)$/;

/** A word of a command line, as a POSIX shell, bash or zsh reads it back; always on one line. */
export function shellWord(word: string): string {
  if (PLAIN_WORD.test(word)) return word;
  return word.search(INVISIBLE) < 0 ? `'${word.replaceAll("'", `'\\''`)}'` : escaped(word);
}

/** The first word, which is to be the name of a program and nothing else. */
export function shellName(name: string): string {
  return BUILTIN.test(name) ? `env ${name}` : quotedName(name);
}

/** A name that is no assignment and no word of the shell's own language. */
export function quotedName(name: string): string {
  if (PLAIN_NAME.test(name) && !RESERVED.test(name)) return name;
  const word = shellWord(name);
  return word === name ? `'${name}'` : word;
}

/** `$'…'`, without a quote or an exclamation mark inside, so that nothing can end it or call up the history. */
function escaped(word: string): string {
  const text = word.replace(/[\\'!]/g, octal).replace(INVISIBLE, (character) => {
    if (character === '\n') return '\\n';
    return character === '\t' ? '\\t' : octal(character);
  });
  return `$'${text}'`;
}

/** The bytes of a character; old shells know no other form of those beyond ASCII. */
function octal(character: string): string {
  if (character === '\\') return '\\\\';
  if (character < '\x80') return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
  return Array.from(Buffer.from(character), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
