import { dirname } from 'node:path/posix';
import { SandboxRefusal } from '../refusal';
import type { FileLook, Found } from './look';
import { MAX_LINKS } from '../../os';

export interface Link {
  /** The path of the link itself; its folder is canonical. */
  readonly path: string;
  readonly target: string;
}

export interface Resolved {
  /** Without links. For what is missing, the first part that is. */
  readonly path: string;
  readonly kind: 'folder' | 'file' | 'missing';
  /** The path is that of what stands in the way: a folder that may not be entered, or a file that is no folder. */
  readonly isBlocked: boolean;
  /** Links on the way, in order. */
  readonly links: readonly Link[];
}

/**
 * Follows all links of an absolute path.
 * @throws SandboxRefusal for more than 40 links
 */
export async function resolvePath(path: string, look: Pick<FileLook, 'at'>): Promise<Resolved> {
  const links: Link[] = [];
  const names = namesOf(path).toReversed();
  let [here, kind]: [string, 'folder' | 'file'] = ['/', 'folder'];
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    if (name === '.') continue;
    if (kind === 'file') return { path: here, kind, isBlocked: true, links };
    if (name === '..') {
      here = dirname(here);
      continue;
    }
    // Not by `join`, which goes through the whole path again for each name.
    const next = here === '/' ? `/${name}` : `${here}/${name}`;
    const found: Found = await look.at(next);
    switch (found.kind) {
      case 'missing':
        return { path: next, kind: 'missing', isBlocked: false, links };
      case 'unreachable':
        return { path: here, kind, isBlocked: true, links };
      case 'link':
        links.push({ path: next, target: found.target });
        if (links.length > MAX_LINKS) throw tooManyLinks(path);
        if (found.target.startsWith('/')) here = '/';
        names.push(...namesOf(found.target).toReversed());
        break;
      case 'folder':
      case 'file':
        [here, kind] = [next, found.kind];
    }
  }
  return { path: here, kind, isBlocked: false, links };
}

function namesOf(path: string): string[] {
  return path.split('/').filter(Boolean);
}

function tooDeep(): SandboxRefusal {
  return new SandboxRefusal(
    '',
    `its paths lead through so many folders that more than ${MAX_LOOKED} characters would have to be looked at`,
    'Name fewer paths, or ones that are less deep.',
  );
}

function tooManyLinks(path: string): SandboxRefusal {
  return new SandboxRefusal(
    '',
    `\`${path}\` has more than ${MAX_LINKS} links`,
    'Name the path without links.',
  );
}

/** Short rules may lead by a link into thousands of folders, and each name is asked for with all that is before it. */
const MAX_LOOKED = 16_777_216;

/**
 * Asks each path only once, so that all rules are about the same state of the disk.
 * @throws SandboxRefusal from `at`, for paths of more than 16,777,216 characters together, those asked again counted too
 */
export function remembering(look: FileLook): FileLook {
  const known = new Map<string, Promise<Found>>();
  let looked = 0;
  return {
    at: (path) => {
      looked += path.length;
      if (looked > MAX_LOOKED) throw tooDeep();
      let found = known.get(path);
      if (!found) known.set(path, (found = look.at(path)));
      return found;
    },
    list: (folder) => look.list(folder),
    read: (path) => look.read(path),
  };
}
