import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** How far above a program its package is looked for. */
const MAX_LEVELS = 5;

/**
 * Which version of an agent a program is, without starting it: that of its npm package, else one that its real path
 * names, else the time of its file. Equal for equal programs; undefined where it cannot be looked at.
 */
export function programVersion(program: string): string | undefined {
  try {
    const real = realpathSync(program);
    return packageVersion(real) ?? pathVersion(real) ?? fileTime(real);
  } catch {
    return undefined;
  }
}

/** That of the package whose program it is. */
function packageVersion(program: string): string | undefined {
  let folder = dirname(program);
  for (let level = 0; level < MAX_LEVELS; level++, folder = dirname(folder)) {
    try {
      const { bin, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
      const programs = typeof bin === 'string' ? [bin] : Object.values(bin ?? {});
      if (programs.some((path) => resolve(folder, path) === program)) return version;
    } catch {
      // No package here, or one that is none of npm's.
    }
  }
  return undefined;
}

interface Manifest {
  readonly bin?: string | Record<string, string>;
  readonly version?: string;
}

/** The version in a program's path, where an installer keeps several side by side: `…/versions/2.1.332`. */
function pathVersion(program: string): string | undefined {
  return program.match(/(?<=[/\\@-]v?)\d+\.\d+\.\d+(?:-[\w.]+)?(?=[/\\]|$)/g)?.at(-1);
}

function fileTime(program: string): string {
  return statSync(program).mtime.toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length).replace('T', ' ');
}
