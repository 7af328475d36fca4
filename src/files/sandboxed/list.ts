import type { EntryKind, ListEntry, ListOptions } from '../../blocking';
import type { Policy } from '../../sandbox';
import { joinBytes, type NativePath } from '../nativePath';
import { osError } from '../osError';
import { locate } from './locate';
import { requireLook, requireRead } from './rights';

/** The entries of a folder; none of them if there are more than were wanted. */
export interface Listed extends Iterable<ListEntry> {
  readonly isCut: boolean;
}

/** What is in a folder that the policy lets be read. Links are told about as far as what they lead to may be looked at. */
export function list(
  policy: Policy,
  path: NativePath,
  options: ListOptions,
  last: 'follow' | 'stay',
): Promise<Listed & readonly ListEntry[]> {
  return locate(path, { policy, last }, async ({ path: real, kind, openParent, name }) => {
    requireRead(policy, real);
    if (kind === 'missing') throw osError('ENOENT');
    if (kind !== 'directory') throw osError('ENOTDIR');
    await using parent = await openParent();
    await using folder = name.equals(DOT) ? parent : await parent.enter(name);
    const found = await folder.list({ ...options, follow: false });
    const entries: ListEntry[] = [];
    for (const entry of found) {
      const kind =
        entry.isLink && options.follow ? await targetOf(policy, joinBytes(real, entry.name)) : entry.kind;
      entries.push({ ...entry, kind });
    }
    return Object.assign(entries, { isCut: found.isCut });
  });
}

const DOT = Buffer.from('.');

async function targetOf(policy: Policy, link: Buffer): Promise<EntryKind> {
  try {
    return await locate(link, { policy, last: 'follow' }, ({ path, kind }) => {
      requireLook(policy, path);
      if (kind === 'missing') return 'nothing';
      return kind === 'link' ? 'other' : kind;
    });
  } catch {
    return 'nothing';
  }
}
