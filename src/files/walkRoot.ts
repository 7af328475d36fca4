import { disk, type List, type ListOptions } from '../blocking';
import type { Policy } from '../sandbox';
import type { NativePath } from './nativePath';
import { canDescend } from './noFollow';
import { osError } from './osError';
import { list, type Listed } from './sandboxed/list';
import { realpath } from './sandboxed/look';

/** Lists directories at and below a root. */
export interface WalkRoot {
  list(directory: NativePath, options: ListOptions): Promise<Listed>;
  /** The path of a directory, without links. */
  realpath(directory: NativePath): Promise<Buffer>;
}

/** Where links to directories are entered as well. */
export const anyRoot: WalkRoot = {
  list: (directory, options) => disk.list(directory, options),
  realpath: (directory) => disk.realpath(directory),
};

/** Where a policy allows it; links to directories are entered if they are followed. */
export function sandboxedRoot(policy: Policy): WalkRoot {
  return {
    list: (directory, options) => list(policy, directory, options, options.follow ? 'follow' : 'stay'),
    realpath: (directory) => realpath(policy, directory),
  };
}

/** A root below which no link is followed, also if one takes the place of a directory; that one counts as gone. */
export async function guardedRoot(root: NativePath): Promise<WalkRoot> {
  if (!canDescend()) return { ...anyRoot, list: listWatched };
  const real = await disk.realpath(root);
  const { length } = Buffer.from(root);
  return {
    ...anyRoot,
    list: (directory, options) => {
      const below = Buffer.from(directory).subarray(length);
      return disk.listGuarded(Buffer.from(directory), Buffer.concat([real, below]), options);
    },
  };
}

/** Where descriptors cannot be listed: a look before and after, which a racing rename could outwit. */
async function listWatched(directory: NativePath, options: ListOptions): Promise<List> {
  const before = await disk.lstat(directory);
  if (before.kind !== 'directory') throw osError('ENOENT');
  const list = await disk.list(directory, options);
  const after = await disk.lstat(directory);
  if (after.dev !== before.dev || after.ino !== before.ino) throw osError('ENOENT');
  return list;
}
