import { disk, type FileStats } from '../blocking';
import type { Policy } from '../sandbox';
import { invalid } from './fsError';
import { checkPath, type PathOptions, type NativePath } from './nativePath';
import { withoutLinks } from './noFollow';
import { asFsErrors } from './osError';
import { look } from './sandboxed/look';

/** What clients may know about a path. Times in milliseconds since 1970, 0 if unknown. */
export interface FileMetadata {
  readonly isDirectory: boolean;
  readonly isFile: boolean;
  /** About the path itself; everything else is about what it leads to. */
  readonly isSymlink: boolean;
  readonly size: number;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
}

/** Whole milliseconds; what lies before 1970 or is not known counts as unknown. */
function wholeMs(timeNs: bigint): number {
  return timeNs > 0n ? Number(timeNs / 1_000_000n) : 0;
}

function describe(stats: FileStats, isSymlink: boolean): FileMetadata {
  return {
    isDirectory: stats.kind === 'directory',
    isFile: stats.kind === 'file',
    isSymlink,
    size: stats.size,
    createdAtMs: wholeMs(stats.birthtimeNs),
    modifiedAtMs: wholeMs(stats.mtimeNs),
  };
}

/** The refusal for a link where none may be followed. */
export function linkInPath(): Error {
  return invalid('path contains a symbolic link');
}

/** Describes what a path leads to. A dangling link is "not found", a ring of links an error of its own. */
export function getMetadata(path: NativePath, options: PathOptions = {}): Promise<FileMetadata> {
  return asFsErrors(async () => {
    const checked = checkPath(path);
    if (options.policy) return getSandboxed(options.policy, checked, options.followSymlinks === false);
    if (options.followSymlinks === false) {
      const stats = await withoutLinks(checked, (safePath) => disk.lstat(safePath));
      if (stats.kind === 'link') throw linkInPath();
      return describe(stats, false);
    }
    const [target, self] = await Promise.all([disk.stat(checked), disk.lstat(checked)]);
    return describe(target, self.kind === 'link');
  });
}

async function getSandboxed(policy: Policy, path: NativePath, refuseLinks: boolean): Promise<FileMetadata> {
  const self = await look(policy, path, { last: 'stay', refuseLinks });
  if (self.kind !== 'link') return describe(self, false);
  if (refuseLinks) throw linkInPath();
  return describe(await look(policy, path, { last: 'follow' }), true);
}
