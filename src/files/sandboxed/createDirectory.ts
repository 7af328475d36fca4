import { disk } from '../../blocking';
import type { Policy } from '../../sandbox';
import type { NativePath } from '../nativePath';
import { osError } from '../osError';
import { locate } from './locate';
import { requireLook, requireWrite } from './rights';
import { errorCode } from '../../values';

/** Makes a directory where the policy lets be written; with `recursive` one that is there already is fine. */
export function createDirectory(
  policy: Policy,
  path: NativePath,
  { recursive, refuseLinks }: { readonly recursive: boolean; readonly refuseLinks?: boolean },
): Promise<void> {
  const last = recursive && !refuseLinks ? 'follow' : 'stay';
  return locate(
    path,
    { policy, last, refuseLinks, create: recursive },
    async ({ path: real, kind, safePath }) => {
      if (kind === 'missing') {
        requireWrite(policy, real);
        await disk.mkdir(safePath).catch((error: unknown) => {
          if (!recursive || errorCode(error) !== 'EEXIST') throw error;
        });
        if ((await disk.lstat(safePath)).kind !== 'directory') throw osError('ENOTDIR');
        return;
      }
      requireLook(policy, real);
      if (!recursive) throw osError('EEXIST');
      if (kind !== 'directory') throw osError(refuseLinks ? 'ENOTDIR' : 'EEXIST');
    },
  );
}
