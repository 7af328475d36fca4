import { dirname } from 'node:path/posix';
import type { Policy } from './policy';

/**
 * Writable folders that hold something restricted, deeper down too. Who may move one of them takes what is in it away from
 * the path that its rule names, and with the next command it is free.
 */
export function pinsOf(policy: Policy): readonly string[] {
  const known = new Set(policy.entries.map(({ path }) => path));
  const pins = new Set<string>();
  for (const { path, access, isFoundAnywhere = false } of policy.entries) {
    if (access === 'write' || isFoundAnywhere) continue;
    let folder = dirname(path);
    while (
      folder !== '/' &&
      !known.has(folder) &&
      !pins.has(folder) &&
      policy.entryAccess(folder) === 'write'
    ) {
      pins.add(folder);
      folder = dirname(folder);
    }
  }
  return [...pins];
}
