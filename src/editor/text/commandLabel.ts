import { oneLine, shorten } from './clean';

const POSIX_SHELL = /^(?:ba|z|da|k|fi)?sh$/;
const POWERSHELL = /^(?:powershell|pwsh)$/;
const LABEL_CHARACTERS = 200;
/** A terminal's tab has room for about this much. */
const TAB_CHARACTERS = 30;

/** The command as a person would say it: the script without the shell around it, else the words. */
export function commandText(argv: readonly string[]): string {
  return shellScript(argv) ?? argv.map((word, index) => quote(index ? word : programName(word))).join(' ');
}

/** One line of the tree. */
export function commandLabel(argv: readonly string[]): string {
  return shorten(oneLine(commandText(argv)), LABEL_CHARACTERS) || programName(argv[0] ?? '');
}

/** The name of a terminal's tab, with the environment if it is not this machine. */
export function terminalName(argv: readonly string[], place: string | null): string {
  if (place === null) return shorten(commandLabel(argv), TAB_CHARACTERS);
  const where = ` — ${shorten(oneLine(place), TAB_CHARACTERS / 2)}`;
  return shorten(commandLabel(argv), TAB_CHARACTERS - where.length) + where;
}

/** What can be pasted into a shell to run the same again. */
export function copyableCommand(argv: readonly string[]): string {
  return shellScript(argv) ?? argv.map(quote).join(' ');
}

/** The script of `bash -lc …`, `pwsh -Command …`, `cmd /c …` with nothing after it; else nothing. */
function shellScript(argv: readonly string[]): string | undefined {
  if (argv.length < 3) return undefined;
  const shell = programName(argv[0] ?? '').toLowerCase();
  const flags = argv.slice(1, -1);
  const script = argv.at(-1);
  const last = flags.at(-1) ?? '';
  if (POSIX_SHELL.test(shell)) {
    return /^-[a-z]*c$/.test(last) && flags.every((flag) => flag.startsWith('-')) ? script : undefined;
  }
  if (POWERSHELL.test(shell)) return /^-c(?:ommand)?$/i.test(last) ? script : undefined;
  if (shell === 'cmd') return /^\/[ck]$/i.test(last) ? script : undefined;
  return undefined;
}

function programName(path: string): string {
  return path.replace(/^.*[/\\](?=[^/\\])/, '').replace(/\.exe$/i, '');
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
