import { disk } from '../blocking';
import type { Folder } from './folder';
import { joinBytes } from './nativePath';
import { errorCode } from '../values';

/** What is asked before anything in a tree is removed. */
export interface RemovalGuard {
  /** The path of the tree, without links. */
  readonly path: Buffer;
  /**
   * Lets pass what may be removed.
   *
   * @throws what the caller is told of a path that must stay
   */
  require(path: Buffer): void;
}

/** Names that are held at a time, of a directory with very many. */
const NAMES_AT_ONCE = 10_000;
/** Files that one call removes; more would hold a thread for long. */
const FILES_AT_ONCE = 256;

/** Removes a directory with all that is in it. A link that has taken its place is refused, never entered. */
export async function removeTree(parent: Folder, name: Buffer, guard?: RemovalGuard): Promise<void> {
  {
    await using folder = await parent.enter(name);
    await removeContent(folder, guard);
  }
  await disk.rmdir(await parent.entry(name));
}

async function removeContent(folder: Folder, guard: RemovalGuard | undefined): Promise<void> {
  for (;;) {
    const list = await folder.list({ which: 'first', max: NAMES_AT_ONCE, follow: false });
    let others: Buffer[] = [];
    for (const { name, kind } of list) {
      const inside = guard && { ...guard, path: joinBytes(guard.path, name) };
      inside?.require(inside.path);
      if (kind === 'directory') await removeTree(folder, name, inside).catch(unlessGone);
      else others.push(Buffer.from(await folder.entry(name)));
      if (others.length < FILES_AT_ONCE) continue;
      await disk.unlinkAll(others);
      others = [];
    }
    await disk.unlinkAll(others);
    if (!list.isCut) return;
  }
}

/** What somebody else has removed meanwhile is fine. */
function unlessGone(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error;
}
