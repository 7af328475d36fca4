import { disk, type FileKind } from '../../blocking';
import type { Policy } from '../../sandbox';
import { openFolder, type Folder } from '../folder';
import { FsError } from '../fsError';
import { fromByteText, joinBytes, toByteText, type NativePath } from '../nativePath';
import { canDescend, descriptorPath, DIRECTORY_FLAGS, mkdirUnlessThere } from '../noFollow';
import { osError } from '../osError';
import { accessOf, requireWrite } from './rights';
import { errorCode } from '../../values';
import { MAX_LINKS } from '../../os';

/** A path as a policy sees it, and the way there. */
export interface Located {
  /** Without links, but for one at its end that was to stay. */
  readonly path: Buffer;
  /** What was there a moment ago. */
  readonly kind: FileKind | 'missing';
  /** Leads there whatever takes the place of its folders meanwhile; its last name must be opened without following links. */
  readonly safePath: Buffer;
  /** The last name of the path; `.` for the root. */
  readonly name: Buffer;
  /** The folder that it is in, opened anew. */
  readonly openParent: () => Promise<Folder>;
}

/** How to get to a path. */
export interface Way {
  readonly policy: Policy;
  /** Whether a link at the end is followed. */
  readonly last: 'follow' | 'stay';
  /** No link may be on the way: ENOTDIR. Absent means that those which the policy opens are followed. */
  readonly refuseLinks?: boolean | undefined;
  /** Makes folders on the way that are missing and may be written. */
  readonly create?: boolean | undefined;
}

/**
 * Calls `use` with the path as the policy sees it. Folders are entered one by one by their descriptors and links are
 * read, never followed by the system, so that nothing which takes a folder's place meanwhile leads elsewhere. What may be
 * done at the end is for `use` to ask.
 *
 * @throws FsError as the system would, and `Permission denied` for what the policy hides
 */
export async function locate<T>(
  path: NativePath,
  way: Way,
  use: (located: Located) => T | Promise<T>,
): Promise<T> {
  if (!canDescend())
    throw new FsError(
      'other',
      'nothing was read or changed: files cannot be kept in a sandbox on this system',
    );
  let names = namesOf(toByteText(path));
  for (let links = 0; links <= MAX_LINKS;) {
    const end = await new Walk(names, way).run(use);
    if ('result' in end) return end.result;
    ({ names } = end);
    if (end.isLink) links += 1;
  }
  throw osError('ELOOP');
}

/** The names of the path with which to begin anew: it leads elsewhere than it says. */
interface Detour {
  readonly names: string[];
  readonly isLink: boolean;
}

/** One attempt, as far as the first link. Names have a character for each byte. */
class Walk {
  constructor(
    private readonly names: readonly string[],
    private readonly way: Way,
  ) {}

  async run<T>(use: (located: Located) => T | Promise<T>): Promise<{ result: T } | Detour> {
    const last = Math.max(0, this.names.length - 1);
    let folder = await disk.open('/', DIRECTORY_FLAGS);
    try {
      for (let at = 0; at < last; at++) {
        if (this.names[at] === '..') return this.above(at);
        const next = await this.enter(folder, at);
        if (typeof next !== 'number') return next;
        await disk.close(folder);
        folder = next;
      }
      if (this.names[last] === '..') return this.above(last);
      const name = fromByteText(this.names[last] ?? '.');
      const safePath = joinBytes(descriptorPath(folder), name);
      const kind = await this.kindOf(safePath);
      if (kind === 'link' && this.way.last === 'follow') return await this.behind(safePath, last);
      const openParent = () =>
        openFolder(joinBytes(descriptorPath(folder), Buffer.from('.')), { follow: false });
      return { result: await use({ path: this.pathTo(last), kind, safePath, name, openParent }) };
    } finally {
      await disk.close(folder);
    }
  }

  /** The descriptor of the next folder, unless there is a link in its place. */
  private async enter(folder: number, at: number): Promise<number | Detour> {
    const path = joinBytes(descriptorPath(folder), fromByteText(this.names[at] ?? ''));
    try {
      return await disk.open(path, DIRECTORY_FLAGS);
    } catch (error) {
      const name = errorCode(error);
      if (name === 'ENOTDIR' && (await this.kindOf(path)) === 'link') return this.behind(path, at);
      // Whether there is anything is not told to those who may not know.
      if (accessOf(this.way.policy, this.pathTo(this.names.length - 1)) === 'deny') throw osError('EACCES');
      if (name !== 'ENOENT' || !this.way.create) throw error;
    }
    requireWrite(this.way.policy, this.pathTo(at));
    await mkdirUnlessThere(path);
    return disk.open(path, DIRECTORY_FLAGS);
  }

  /** What is in front of a `..` has no links any more. */
  private above(at: number): Detour {
    return {
      names: [...this.names.slice(0, Math.max(0, at - 1)), ...this.names.slice(at + 1)],
      isLink: false,
    };
  }

  private async behind(link: Buffer, at: number): Promise<Detour> {
    const { policy, refuseLinks = false } = this.way;
    const path = this.pathTo(at);
    if (refuseLinks) throw osError('ENOTDIR');
    if (accessOf(policy, path) === 'deny' && !policy.opensLink(path)) throw osError('EACCES');
    const target = toByteText(await disk.readlink(link));
    const before = target.startsWith('/') ? [] : this.names.slice(0, at);
    return { names: [...before, ...namesOf(target), ...this.names.slice(at + 1)], isLink: true };
  }

  private async kindOf(path: Buffer): Promise<FileKind | 'missing'> {
    try {
      return (await disk.lstat(path)).kind;
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      return 'missing';
    }
  }

  private pathTo(at: number): Buffer {
    return fromByteText(`/${this.names.slice(0, at + 1).join('/')}`);
  }
}

function namesOf(text: string): string[] {
  return text.split('/').filter((name) => name !== '' && name !== '.');
}
