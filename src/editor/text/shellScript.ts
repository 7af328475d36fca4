import { quotedName } from './shellWord';

const POSIX_SHELL = /^(?:ba|z|da|k|fi)?sh$/;
const POWERSHELL = /^(?:powershell|pwsh)$/;

/** Where systems and package managers put programs; one in another folder is somebody else's. */
const SYSTEM_FOLDERS = [
  /^(?:\/usr(?:\/local)?|\/opt\/(?:homebrew|local)|\/home\/linuxbrew\/\.linuxbrew|\/run\/current-system\/sw)?\/s?bin\/$/,
  /^[a-z]:\\(?:windows\\(?:system32\\(?:windowspowershell\\v1\.0\\)?)?|program files\\(?:powershell\\\d+|git\\(?:usr\\)?bin)\\)$/i,
];

/** These change nothing of what a script does. */
const POSIX_FLAG = /^(?:-[eilux]+|--login|--noprofile|--norc)$/;
const POWERSHELL_FLAG = /^-(?:login|nologo|noninteractive|noprofile)$/i;
const CMD_FLAG = /^\/[dsq]$/i;

/** The script of `bash -lc …`, `pwsh -Command …`, `cmd /c …`, when nothing else has a say in what runs; else nothing. */
export function shellScript(argv: readonly string[]): string | undefined {
  const [program = '', ...flags] = argv.slice(0, -1);
  const last = flags.pop();
  const [folder, name] = split(program);
  if (last === undefined || (folder !== '' && !isSystemFolder(folder))) return undefined;
  const shell = name.replace(/\.exe$/i, '').toLowerCase();
  const all = (flag: RegExp): boolean => flags.every((word) => flag.test(word));
  const fits =
    (POSIX_SHELL.test(shell) && /^-[eilux]*c$/.test(last) && all(POSIX_FLAG)) ||
    (POWERSHELL.test(shell) && /^-c(?:ommand)?$/i.test(last) && all(POWERSHELL_FLAG)) ||
    (shell === 'cmd' && /^\/[ck]$/i.test(last) && all(CMD_FLAG));
  return fits ? argv.at(-1) : undefined;
}

/**
 * A program for a short label: without its folder if that is the system's, else with a sign that it has one.
 * @param max characters of its name that are looked at
 */
export function programLabel(program: string, max: number): string {
  const [folder, base] = split(program);
  const name = base.slice(0, max);
  if (folder === '' || isSystemFolder(folder)) return quotedName(name);
  return (folder === './' ? folder : `…${folder.at(-1) ?? ''}`) + quotedName(name);
}

function isSystemFolder(folder: string): boolean {
  return SYSTEM_FOLDERS.some((pattern) => pattern.test(folder));
}

/** The folder with its last slash, and the name; a slash at the end belongs to the name. */
function split(program: string): [folder: string, name: string] {
  const before = program.length - 2;
  const start = Math.max(program.lastIndexOf('/', before), program.lastIndexOf('\\', before)) + 1;
  return [program.slice(0, start), program.slice(start)];
}
