import { readdir, realpath } from 'node:fs/promises';
import { constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { disk } from '../../blocking';

/** Where systems put programs: nobody but the system's administrator writes there. */
const SYSTEM = ['/usr/bin/bwrap', '/bin/bwrap', '/usr/local/bin/bwrap'];
const BESIDE = 'codex-resources/bwrap';

/** The bubblewrap to use: the system's, else the one that came with the person's Codex. */
export async function findBubblewrap(searchPath = process.env['PATH'] ?? ''): Promise<string | undefined> {
  for (const path of SYSTEM) if (await isProgram(path)) return path;
  for (const folder of searchPath.split(delimiter).filter((name) => name.startsWith('/')))
    for (const path of await besideCodex(join(folder, 'codex'))) if (await isProgram(path)) return path;
  return undefined;
}

/** Where it would be, beside a Codex that is a program itself, or the script of its npm package. */
async function besideCodex(codex: string): Promise<string[]> {
  if (!(await isProgram(codex))) return [];
  const folder = dirname(await realpath(codex));
  const places = [join(folder, BESIDE), join(folder, '..', BESIDE)];
  const arch = `codex-linux-${process.arch}`;
  for (const pack of [join(folder, '..', 'node_modules', '@openai', arch), join(folder, '../..', arch)]) {
    const vendor = join(pack, 'vendor');
    for (const triple of await readdir(vendor).catch(() => [])) places.push(join(vendor, triple, BESIDE));
  }
  return places;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    if ((await disk.stat(path)).kind !== 'file') return false;
    await disk.access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
