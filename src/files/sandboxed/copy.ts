import { disk, type ListEntry } from '../../blocking';
import type { Policy } from '../../sandbox';
import { copyOne, onlyFiles } from '../copyFile';
import { invalid } from '../fsError';
import { joinBytes, type NativePath } from '../nativePath';
import { osError } from '../osError';
import { createDirectory } from './createDirectory';
import { list } from './list';
import { locate } from './locate';
import { requireAllBelow, requireLook, requireRead, requireWrite } from './rights';

/** Names that are held at a time, of a directory with very many. */
const NAMES_AT_ONCE = 10_000;

/**
 * Copies what the policy lets be read to where it lets be written; each file and folder is asked about by itself, so that
 * one which takes another's place meanwhile gains nothing.
 */
export async function copy(
  policy: Policy,
  source: NativePath,
  destination: NativePath,
  { recursive }: { readonly recursive: boolean },
): Promise<void> {
  const from = await locate(source, { policy, last: 'stay' }, ({ path, kind }) => {
    requireLook(policy, path);
    if (kind === 'missing') throw osError('ENOENT');
    return { path, kind };
  });
  if (from.kind === 'directory') {
    if (!recursive) throw invalid('fs/copy requires recursive: true when sourcePath is a directory');
    requireAllBelow(policy, from.path, 'read', 'fs/copy');
    const to = await locate(destination, { policy, last: 'follow' }, ({ path }) => path);
    if (to.equals(from.path) || to.subarray(0, from.path.length + 1).equals(joinBytes(from.path, NOTHING)))
      throw invalid('fs/copy cannot copy a directory to itself or one of its descendants');
    await copyTree(policy, from.path, destination);
  } else if (from.kind === 'link') await copyLink(policy, from.path, destination);
  else if (from.kind === 'file') await copyFile(policy, from.path, destination);
  else throw onlyFiles();
}

const NOTHING = Buffer.alloc(0);

/** Merges into an existing directory. Devices, FIFOs and sockets in the tree are left out. */
async function copyTree(policy: Policy, source: Buffer, destination: NativePath): Promise<void> {
  await createDirectory(policy, destination, { recursive: true });
  let after: Buffer | undefined;
  for (;;) {
    const options = { which: 'first', max: NAMES_AT_ONCE, after, follow: false } as const;
    const entries = await list(policy, source, options, 'stay');
    for (const entry of entries) await copyEntry(policy, source, destination, entry);
    after = entries.at(-1)?.name;
    if (!entries.isCut) return;
  }
}

async function copyEntry(
  policy: Policy,
  source: Buffer,
  destination: NativePath,
  { name, kind, isLink }: ListEntry,
): Promise<void> {
  const [from, to] = [joinBytes(source, name), joinBytes(destination, name)];
  if (kind === 'directory') await copyTree(policy, from, to);
  else if (kind === 'file') await copyFile(policy, from, to);
  else if (isLink) await copyLink(policy, from, to);
}

function copyLink(policy: Policy, source: Buffer, destination: NativePath): Promise<void> {
  return locate(source, { policy, last: 'stay' }, async (from) => {
    requireLook(policy, from.path);
    await locate(destination, { policy, last: 'stay' }, async (to) => {
      requireWrite(policy, to.path);
      await disk.symlink(await disk.readlink(from.safePath), to.safePath);
    });
  });
}

function copyFile(policy: Policy, source: Buffer, destination: NativePath): Promise<void> {
  return locate(source, { policy, last: 'stay' }, async (from) => {
    requireRead(policy, from.path);
    await locate(destination, { policy, last: 'follow' }, async (to) => {
      requireWrite(policy, to.path);
      await copyOne({ source: from.safePath, destination: to.safePath });
    });
  });
}
