import { disk, type FileStats } from '../../blocking';
import type { Policy } from '../../sandbox';
import type { NativePath } from '../nativePath';
import { osError } from '../osError';
import { locate, type Way } from './locate';
import { accessOf, requireLook } from './rights';

/** About a path that the policy lets be looked at; of what may not be read only that it is there, and what kind it is. */
export function look(policy: Policy, path: NativePath, way: Omit<Way, 'policy'>): Promise<FileStats> {
  return locate(path, { policy, ...way }, async ({ path: real, safePath }) => {
    requireLook(policy, real);
    const stats = await disk.lstat(safePath);
    return accessOf(policy, real) === 'deny' ? { ...stats, size: 0, birthtimeNs: 0n, mtimeNs: 0n } : stats;
  });
}

/** The path without links. It must be there. */
export function realpath(policy: Policy, path: NativePath): Promise<Buffer> {
  return locate(path, { policy, last: 'follow' }, ({ path: real, kind }) => {
    requireLook(policy, real);
    if (kind === 'missing') throw osError('ENOENT');
    return real;
  });
}
