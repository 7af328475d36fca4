import { constants } from 'node:fs';
import { disk } from '../../blocking';
import type { Policy } from '../../sandbox';
import { notAFile, type NativePath } from '../nativePath';
import { osError } from '../osError';
import { locate } from './locate';
import { requireRead, requireWrite } from './rights';

/** Opens a file if the policy allows what the flags ask for: reading a regular file, or writing. */
export function open(policy: Policy, path: NativePath, flags: number, refuseLinks: boolean): Promise<number> {
  const isRead = (flags & (constants.O_WRONLY | constants.O_RDWR)) === 0;
  const last = refuseLinks ? 'stay' : 'follow';
  return locate(path, { policy, last, refuseLinks }, ({ path: real, kind, safePath }) => {
    if (isRead) requireRead(policy, real);
    else requireWrite(policy, real);
    if (kind === 'link') throw osError('ELOOP');
    // Opening a device or a FIFO can have effects.
    if (isRead && kind !== 'file' && kind !== 'missing')
      throw notAFile(path, { followSymlinks: !refuseLinks });
    return disk.open(safePath, flags | constants.O_NOFOLLOW);
  });
}
