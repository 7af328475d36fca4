import type { FileLook } from './look';
import { Policy, type PolicyEntry } from './policy';
import { remembering, resolvePath } from './resolvePath';

/**
 * The policy without the right to read what is at these paths now, whatever was asked for. What opens the doors of a host
 * like this one would let a command out.
 */
export async function hidePaths(policy: Policy, paths: readonly string[], look: FileLook): Promise<Policy> {
  const once = remembering(look);
  const hidden: PolicyEntry[] = [];
  for (const { path, kind, isBlocked } of await Promise.all(paths.map((name) => resolvePath(name, once)))) {
    if (kind !== 'missing' && !isBlocked) hidden.push({ path, access: 'deny', kind, isGuard: false });
  }
  if (hidden.length === 0) return policy;
  const { base, patterns, patternDepth, links, network } = policy;
  return new Policy({
    base,
    patterns,
    patternDepth,
    links,
    network,
    entries: [...policy.entries, ...hidden],
  });
}
