import type { Stats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { invalid } from './fsError';
import { checkPath, type LinkOptions, type NativePath } from './nativePath';
import { withoutLinks } from './noFollow';
import { asFsErrors } from './osError';

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
function wholeMs(timeMs: number): number {
  return Number.isFinite(timeMs) ? Math.max(0, Math.floor(timeMs)) : 0;
}

function describe(stats: Stats, isSymlink: boolean): FileMetadata {
  return {
    isDirectory: stats.isDirectory(),
    isFile: stats.isFile(),
    isSymlink,
    size: stats.size,
    createdAtMs: wholeMs(stats.birthtimeMs),
    modifiedAtMs: wholeMs(stats.mtimeMs),
  };
}

/** The refusal for a link where none may be followed. */
export function linkInPath(): Error {
  return invalid('path contains a symbolic link');
}

/** Describes what a path leads to. A dangling link is "not found", a ring of links an error of its own. */
export function getMetadata(path: NativePath, options: LinkOptions = {}): Promise<FileMetadata> {
  return asFsErrors(async () => {
    const checked = checkPath(path);
    if (options.followSymlinks === false) {
      const stats = await withoutLinks(checked, (safePath) => lstat(safePath));
      if (stats.isSymbolicLink()) throw linkInPath();
      return describe(stats, false);
    }
    const [target, self] = await Promise.all([stat(checked), lstat(checked)]);
    return describe(target, self.isSymbolicLink());
  });
}
