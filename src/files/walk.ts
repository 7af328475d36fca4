import type { Dirent } from 'node:fs';
import { lstat, realpath, stat } from 'node:fs/promises';
import { invalid } from './fsError';
import { checkPath, joinBytes, lossyBytes, pathText, type NativePath } from './nativePath';
import { asFsErrors, toFsError } from './osError';
import { entryKind, listDirectory } from './readDirectory';

export interface WalkOptions {
  /** 0 lists only what is in the root. */
  readonly maxDepth: number;
  /** Directories read, the root included. */
  readonly maxDirectories: number;
  /** Names looked at, links included. */
  readonly maxEntries: number;
  readonly followDirectorySymlinks: boolean;
  /** Lists directories with a leading dot, but does not enter them. The root is exempt. */
  readonly pruneHiddenDirectories?: boolean | undefined;
}

export interface WalkEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory';
  /** The path as it is on disk, where `path` could not hold it because it is not UTF-8. */
  readonly pathBytes?: Buffer;
}

export interface WalkError {
  readonly path: string;
  readonly message: string;
}

export interface WalkResult {
  readonly entries: WalkEntry[];
  /** Directories that could not be read, for example because they vanished on the way. */
  readonly errors: WalkError[];
  /** A limit left something out. */
  readonly truncated: boolean;
}

/** The reference's limits. */
const MAX_DEPTH = 64;
const MAX_DIRECTORIES = 10_000;
const MAX_ENTRIES = 50_000;
const DOT = 0x2e;

function checkLimits({ maxDepth, maxDirectories, maxEntries }: WalkOptions): void {
  if (maxDirectories <= 0 || maxEntries <= 0)
    throw invalid('filesystem walk limits must be greater than zero');
  if (maxDepth > MAX_DEPTH || maxDirectories > MAX_DIRECTORIES || maxEntries > MAX_ENTRIES) {
    const limits = `depth=${MAX_DEPTH}, directories=${MAX_DIRECTORIES}, entries=${MAX_ENTRIES}`;
    throw invalid(`filesystem walk limits exceed maximums: ${limits}`);
  }
}

/** One walk: a queue of directories still to read, and what has been found. */
class Walk {
  private readonly result = { entries: [] as WalkEntry[], errors: [] as WalkError[], truncated: false };
  private readonly queue: { path: NativePath; depth: number }[] = [];
  /** Real paths, as latin1 so that every byte counts. Without links, no directory can be met twice. */
  private readonly entered = new Set<string>();
  private directoryCount = 0;
  private entryCount = 0;

  constructor(private readonly options: WalkOptions) {}

  async run(root: NativePath): Promise<WalkResult> {
    await this.enqueue(root, 0);
    // The queue grows while it is walked.
    for (const { path, depth } of this.queue) {
      if (!(await this.readOne(path, depth))) break;
    }
    return this.result;
  }

  private fail(path: NativePath, error: unknown): void {
    this.result.errors.push({ path: pathText(path), message: toFsError(error).message });
  }

  private async enqueue(path: NativePath, depth: number): Promise<void> {
    if (this.options.followDirectorySymlinks) {
      const identity = (await realpath(path, 'buffer')).toString('latin1');
      if (this.entered.has(identity)) return;
      this.entered.add(identity);
    }
    if (this.directoryCount === this.options.maxDirectories) {
      this.result.truncated = true;
      return;
    }
    this.directoryCount += 1;
    this.queue.push({ path, depth });
  }

  /** False when the walk is over because of a limit. */
  private async readOne(directory: NativePath, depth: number): Promise<boolean> {
    let children: Dirent<Buffer>[];
    try {
      children = await listDirectory(directory);
    } catch (error) {
      this.fail(directory, error);
      return true;
    }
    children.sort((left, right) => left.name.compare(right.name));
    for (const child of children) {
      const path = joinBytes(directory, child.name);
      const kind = await entryKind(path, child);
      if (!kind) continue;
      if (this.entryCount === this.options.maxEntries) {
        this.result.truncated = true;
        return false;
      }
      this.entryCount += 1;
      const isLink = child.isSymbolicLink();
      if (kind === 'other' || (isLink && !(this.options.followDirectorySymlinks && kind === 'directory')))
        continue;
      this.add(path, kind);
      const pruned = this.options.pruneHiddenDirectories && child.name[0] === DOT;
      if (kind === 'directory' && depth < this.options.maxDepth && !pruned) {
        await this.enqueue(path, depth + 1).catch((error: unknown) => this.fail(path, error));
      }
    }
    return true;
  }

  private add(path: Buffer, kind: 'file' | 'directory'): void {
    const pathBytes = lossyBytes(path);
    this.result.entries.push({ path: pathText(path), kind, ...(pathBytes && { pathBytes }) });
  }
}

/** Lists a tree, breadth first, each directory sorted by name. Never fails because of what it meets. */
export function walk(root: NativePath, options: WalkOptions): Promise<WalkResult> {
  return asFsErrors(async () => {
    checkLimits(options);
    const path = checkPath(root);
    const [target, self] = await Promise.all([stat(path), lstat(path)]);
    const entered = target.isDirectory() && (options.followDirectorySymlinks || !self.isSymbolicLink());
    if (!entered) return { entries: [], errors: [], truncated: false };
    return new Walk(options).run(path);
  });
}
