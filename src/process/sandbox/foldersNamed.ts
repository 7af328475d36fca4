import { resolve } from 'node:path/posix';

/** Folders of one command, beside its own. */
const MAX_FOLDERS = 8;
/** What is read of its arguments, in UTF-16 units. */
const MAX_LENGTH = 16 * 1024;

/** What makes a folder the working one: in shells, and for make, git, tar and their like. */
const INTO =
  /(?:^|[\s;&|({])(?:cd|pushd|-C)\s+(?:--\s+)?(?:'([^'\n]+)'|"([^"\n$`]+)"|([^\s'"`;&|<>(){}$*?~]+))/g;

/**
 * The folders that a command may be in when it tells a relative path: its own first, then those that its arguments name
 * to go into, each from its own and from the one named before. A guess, for nobody runs the script here.
 */
export function foldersNamed(cwd: string, argv: readonly string[]): readonly string[] {
  const folders = new Set([cwd]);
  let last = cwd;
  for (const [, single, double, bare = '.'] of argv.join(' ').slice(0, MAX_LENGTH).matchAll(INTO)) {
    const named = single ?? double ?? bare;
    last = resolve(last, named);
    for (const folder of [resolve(cwd, named), last]) if (folders.size <= MAX_FOLDERS) folders.add(folder);
  }
  return [...folders];
}
