import { constants } from 'node:fs';
import { disk, type List, type ListOptions } from '../blocking';
import { joinBytes, type NativePath } from './nativePath';
import { canDescend, descriptorPath, DIRECTORY_FLAGS } from './noFollow';
import { osError } from './osError';

/**
 * An open directory. What is done with its entries is done in this very directory, also if a link or another directory
 * has taken its place by then.
 */
export interface Folder extends AsyncDisposable {
  list(options: ListOptions): Promise<List>;
  /** Where the entry can be reached now. The last name is left to the caller: it may be a link. */
  entry(name: Buffer): Promise<NativePath>;
  /** A directory in this one; ENOTDIR for a link. */
  enter(name: Buffer): Promise<Folder>;
}

/** Opens a directory; a link at the end of the path is ENOTDIR if it must not be followed. */
export async function openFolder(path: NativePath, options: { readonly follow: boolean }): Promise<Folder> {
  if (!canDescend()) return watchedFolder(path, options.follow);
  const flags = options.follow ? DIRECTORY_FLAGS & ~constants.O_NOFOLLOW : DIRECTORY_FLAGS;
  return new OpenFolder(await disk.open(path, flags));
}

/** By its descriptor, which nothing can redirect. */
class OpenFolder implements Folder {
  private readonly path: string;

  constructor(private readonly fd: number) {
    this.path = descriptorPath(fd);
  }

  list(options: ListOptions): Promise<List> {
    return disk.list(this.path, options);
  }

  entry(name: Buffer): Promise<NativePath> {
    return Promise.resolve(joinBytes(this.path, name));
  }

  enter(name: Buffer): Promise<Folder> {
    return openFolder(joinBytes(this.path, name), { follow: false });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return disk.close(this.fd);
  }
}

/** Where descriptors cannot be walked. */
export async function watchedFolder(path: NativePath, follow: boolean): Promise<Folder> {
  const fixed = follow ? await disk.realpath(path) : path;
  const { kind, dev, ino } = await disk.lstat(fixed);
  if (kind !== 'directory') throw osError('ENOTDIR');
  return new WatchedFolder(fixed, dev, ino);
}

/** A look before each step whether it is the same directory still, which a racing rename could outwit. */
class WatchedFolder implements Folder {
  constructor(
    private readonly path: NativePath,
    private readonly dev: bigint,
    private readonly ino: bigint,
  ) {}

  async list(options: ListOptions): Promise<List> {
    await this.check();
    return disk.list(this.path, options);
  }

  async entry(name: Buffer): Promise<NativePath> {
    await this.check();
    return joinBytes(this.path, name);
  }

  async enter(name: Buffer): Promise<Folder> {
    return watchedFolder(await this.entry(name), false);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  private async check(): Promise<void> {
    const { dev, ino } = await disk.lstat(this.path);
    if (dev !== this.dev || ino !== this.ino) throw osError('ENOTDIR');
  }
}
