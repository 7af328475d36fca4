import { readdir, readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';

/**
 * The hosts that a person's ssh configuration names, its includes too; patterns are none. What can't be read is left out.
 *
 * @param home where ssh looks, which is not the variable HOME
 */
export async function sshHosts(
  home = userInfo().homedir,
  file = path.join(home, '.ssh/config'),
  read = new Set<string>(),
): Promise<string[]> {
  // Files that include each other have no more hosts the second time.
  if (read.has(file)) return [];
  read.add(file);
  const text = await readFile(file, 'utf8').catch(() => '');
  const hosts: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, keyword = '', rest = ''] = /^\s*(\w+)(?:\s*=\s*|\s+)(.*)$/.exec(line) ?? [];
    const words = [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
    if (/^host$/i.test(keyword)) hosts.push(...words.filter((word) => !/[*?!]/.test(word)));
    if (!/^include$/i.test(keyword)) continue;
    for (const included of (await Promise.all(words.map((word) => expand(home, word)))).flat())
      hosts.push(...(await sshHosts(home, included, read)));
  }
  return [...new Set(hosts)];
}

/** The files that an `Include` of ssh names: relative to its own folder, with `~` and wildcards. */
async function expand(home: string, name: string): Promise<string[]> {
  const { root, dir, base } = path.parse(path.resolve(home, '.ssh', name.replace(/^~(?=\/)/, home)));
  let found = [root];
  for (const part of [...dir.slice(root.length).split(path.sep), base].filter(Boolean))
    found = (await Promise.all(found.map((folder) => matches(folder, part)))).flat();
  return found;
}

async function matches(folder: string, part: string): Promise<string[]> {
  if (!/[*?]/.test(part)) return [path.join(folder, part)];
  const pattern = part
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => new RegExp(`^${pattern}$`).test(name) && !name.startsWith('.'))
    .sort()
    .map((name) => path.join(folder, name));
}
