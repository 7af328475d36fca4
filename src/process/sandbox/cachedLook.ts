import { diskLook, isPlaceholder, type FileLook, type Found } from '../../sandbox';
import type { CachedLookup } from '../native/cachedLookup';

const MOST_REMEMBERED = 256;

/**
 * The disk of this machine, as `diskLook`. What the system knows by heart of the disk that it runs from is told at once:
 * the way to a thread and back takes a hundred times as long as the look.
 */
export function cachedLook(lookup: CachedLookup): FileLook {
  /** A link leads to the same as long as it is the same. */
  const links = new Map<string, { readonly state: string; readonly found: Found }>();
  const at = async (path: string): Promise<Found> => {
    const status = lookup.linkStatusOnRoot(path);
    if (!status) return diskLook.at(path);
    if (status === 'missing') return { kind: 'missing' };
    if (status.kind === 'directory') return { kind: isPlaceholder(status) ? 'missing' : 'folder' };
    if (status.kind !== 'link') return { kind: 'file' };
    const known = links.get(path);
    if (known?.state === status.state) return known.found;
    const found = await diskLook.at(path);
    // It may have become another one meanwhile.
    const now = lookup.linkStatusOnRoot(path);
    if (found.kind === 'link' && typeof now === 'object' && now.state === status.state) {
      if (links.size >= MOST_REMEMBERED) links.clear();
      links.set(path, { state: status.state, found });
    }
    return found;
  };
  return { ...diskLook, at };
}
