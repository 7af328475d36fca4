import { disk } from '../../blocking';
import type { Policy } from '../../sandbox';
import { linkInPath } from '../getMetadata';
import type { NativePath } from '../nativePath';
import { osError } from '../osError';
import { removeTree } from '../removeTree';
import { locate } from './locate';
import { parentOf, requireAllBelow, requireLook, requireWrite } from './rights';

/** Removes a file, a link or a directory, if the policy lets it and all that is in it be written. */
export function remove(
  policy: Policy,
  path: NativePath,
  { recursive, refuseLinks }: { readonly recursive: boolean; readonly refuseLinks?: boolean },
): Promise<void> {
  return locate(
    path,
    { policy, last: 'stay', refuseLinks },
    async ({ path: real, kind, safePath, name, openParent }) => {
      requireLook(policy, real);
      if (kind === 'missing') throw osError('ENOENT');
      if (refuseLinks && kind === 'link') throw linkInPath();
      requireWrite(policy, real);
      requireWrite(policy, parentOf(real));
      if (kind !== 'directory') await disk.unlink(safePath);
      else if (!recursive) await disk.rmdir(safePath);
      else {
        requireAllBelow(policy, real, 'write', 'fs/remove');
        await using parent = await openParent();
        await removeTree(parent, name, { path: real, require: (inside) => requireWrite(policy, inside) });
      }
    },
  );
}
