import { shortLine, shorten } from './clean';
import { essence } from './essence';
import { shellName, shellWord } from './shellWord';
import { programLabel, shellScript } from './shellScript';

const LABEL_CHARACTERS = 200;
/** More of a command is not looked at for a label: one of megabytes is drawn again every second. */
const LOOKED_AT = 1000;
/** A terminal's tab has room for about this much. */
const TAB_CHARACTERS = 30;

/**
 * One line of the tree: the script without the shell around it when that is a shell of the system, else the words.
 * @param arg0 the name that the program is given, if it is not its own
 */
export function commandLabel(argv: readonly string[], arg0?: string): string {
  const [program = '', ...rest] = argv;
  const name = programLabel(program, LOOKED_AT);
  const script = arg0 === undefined ? shellScript(argv)?.slice(0, LOOKED_AT) : undefined;
  const text = script ?? renamed([name, ...head(rest, LOOKED_AT).map(shellWord)].join(' '), arg0);
  return shortLine(text, LABEL_CHARACTERS) || shortLine(name, LABEL_CHARACTERS) || '?';
}

/** What a process is called: by its own label where it has one. */
export interface Named {
  readonly argv: readonly string[];
  readonly arg0?: string | undefined;
  /** Untrusted text. */
  readonly label?: string | undefined;
}

/** One line for a process: the label it was given, else its command line. */
export function processLabel({ argv, arg0, label = '' }: Named): string {
  return shortLine(label.slice(0, LOOKED_AT), LABEL_CHARACTERS) || commandLabel(argv, arg0);
}

/** The name of a terminal's tab, with the environment if it is not this machine. */
export function terminalName(named: Named, place: string | null): string {
  const where = place === null ? '' : ` — ${shortLine(place, TAB_CHARACTERS / 2)}`;
  return shorten(essence(processLabel(named)), TAB_CHARACTERS - where.length) + where;
}

/** What can be pasted into a shell to run the same again: one line, of which nothing runs by itself. */
export function copyableCommand([program = '', ...args]: readonly string[], arg0?: string): string {
  const line = [shellName(program), ...args.map(shellWord)].join(' ');
  return arg0 === undefined ? line : `(${renamed(line, arg0)})`;
}

/** The beginning of what `copyableCommand` gives, of at most `max` characters. */
export function commandHead(argv: readonly string[], arg0: string | undefined, max: number): string {
  return shorten(copyableCommand(head(argv, max + 1), arg0), max);
}

function renamed(line: string, arg0: string | undefined): string {
  return arg0 === undefined ? line : `exec -a ${shellWord(arg0.slice(0, LOOKED_AT))} ${line}`;
}

/** The first `max` characters of the words. */
function head(words: readonly string[], max: number): string[] {
  const kept: string[] = [];
  for (let left = max, at = 0; left > 0 && at < words.length; at++) {
    const word = words[at] ?? '';
    kept.push(word.slice(0, left));
    left -= word.length + 1;
  }
  return kept;
}
