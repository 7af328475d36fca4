import { join, resolve } from 'node:path/posix';
import type { FileLook } from './look';
import { PROTECTED_NAMES } from './places';
import type { Policy, PolicyEntry } from './policy';
import { resolvePath } from './resolvePath';

/**
 * What stays read-only in each writable folder, also if it is not there yet: commands that run in it could make others,
 * outside of the sandbox, run something. Not in a folder that is writable because everything is.
 */
export async function protectedNames(
  entries: readonly PolicyEntry[],
  policy: Policy,
  look: FileLook,
): Promise<PolicyEntry[]> {
  const writable = entries.filter(({ access }) => access === 'write');
  const exactly = new Set(writable.map(({ path }) => path));
  const guards: PolicyEntry[] = [];
  const folders = new Set(writable.filter(({ kind }) => kind === 'folder').map(({ path }) => path));
  for (const folder of folders) {
    for (const name of PROTECTED_NAMES) {
      const { path, kind, isBlocked, links } = await resolvePath(join(folder, name), look);
      if (exactly.has(path) && !isBlocked) continue;
      guards.push(...links.map((link): PolicyEntry => ({ ...GUARD, path: link.path, kind: 'link' })));
      if (!isBlocked) guards.push({ ...GUARD, path, kind });
      if (name === '.git' && kind === 'file')
        guards.push(...(await repositoryOf(folder, path, policy, look)));
    }
  }
  return guards;
}

const GUARD = { access: 'read', isGuard: true } as const;

/** Where the `.git` file of a work tree or a submodule points to. */
async function repositoryOf(
  folder: string,
  file: string,
  policy: Policy,
  look: FileLook,
): Promise<PolicyEntry[]> {
  const target = /^gitdir: *([^\0\r\n]+)/.exec((await look.read(file)) ?? '')?.[1];
  if (target === undefined) return [];
  const { path, kind } = await resolvePath(resolve(folder, target.trimEnd()), look);
  return policy.entryAccess(path) === 'write' && path !== '/' ? [{ ...GUARD, path, kind }] : [];
}
