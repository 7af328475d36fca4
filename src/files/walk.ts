import { disk, type ListEntry } from '../blocking';
import { invalid } from './fsError';
import { checkPath, joinBytes, type NativePath, type PathOptions } from './nativePath';
import { asFsErrors, toFsError } from './osError';
import { FEW_ENTRIES } from './readDirectory';
import { look } from './sandboxed/look';
import { anyRoot, guardedRoot, sandboxedRoot, type WalkRoot } from './walkRoot';

export interface WalkOptions extends Pick<PathOptions, 'policy'> {
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

/** Takes what a walk finds, at once, so that nobody else keeps it. */
export interface WalkSink {
  /** False if there is no room for it: the walk is over, and truncated. */
  entry(path: NativePath, kind: 'file' | 'directory'): boolean;
  /** A directory that could not be read, for example because it vanished on the way. False if there is no room for it. */
  error(path: NativePath, message: string): boolean;
  /** Awaited once, before more than 1,000 entries are in memory. */
  beforeMany(): Promise<void>;
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

/** One walk: a queue of directories still to read. */
class Walk {
  private readonly queue: { path: NativePath; depth: number }[] = [];
  /** Real paths, as latin1 so that every byte counts. Without links, no directory can be met twice. */
  private readonly entered = new Set<string>();
  private directoryCount = 0;
  private entryCount = 0;
  private isTruncated = false;
  private hasMany = false;

  constructor(
    private readonly root: WalkRoot,
    private readonly options: WalkOptions,
    private readonly sink: WalkSink,
  ) {}

  /** Whether a limit left something out. */
  async run(root: NativePath): Promise<boolean> {
    await this.enqueue(root, 0);
    // The queue grows while it is walked.
    for (const { path, depth } of this.queue) {
      if (!(await this.readOne(path, depth))) return true;
    }
    return this.isTruncated;
  }

  private fail(path: NativePath, error: unknown): boolean {
    return this.sink.error(path, toFsError(error).message);
  }

  private async enqueue(path: NativePath, depth: number): Promise<void> {
    if (this.options.followDirectorySymlinks) {
      const identity = (await this.root.realpath(path)).toString('latin1');
      if (this.entered.has(identity)) return;
      this.entered.add(identity);
    }
    if (this.directoryCount === this.options.maxDirectories) {
      this.isTruncated = true;
      return;
    }
    this.directoryCount += 1;
    this.queue.push({ path, depth });
  }

  /** False when the walk is over because of a limit. */
  private async readOne(directory: NativePath, depth: number): Promise<boolean> {
    let children: Iterable<ListEntry>;
    try {
      children = await this.list(directory);
    } catch (error) {
      return this.fail(directory, error);
    }
    for (const child of children) {
      if (child.kind === 'nothing') continue;
      if (this.entryCount === this.options.maxEntries) return false;
      this.entryCount += 1;
      if (this.entryCount > FEW_ENTRIES) await this.makeRoom();
      if (!(await this.take(directory, child, depth))) return false;
    }
    return true;
  }

  /** Sorted by name. */
  private async list(directory: NativePath): Promise<Iterable<ListEntry>> {
    // Else links are left out, and the disks that they lead to are not asked.
    const follow = this.options.followDirectorySymlinks;
    if (!this.hasMany) {
      const few = await this.root.list(directory, { which: 'all', max: FEW_ENTRIES, follow });
      if (!few.isCut) return [...few].sort((left, right) => left.name.compare(right.name));
      await this.makeRoom();
    }
    // One more, so that it shows when the limit leaves something out.
    return this.root.list(directory, { which: 'first', max: MAX_ENTRIES + 1, follow });
  }

  private async makeRoom(): Promise<void> {
    if (this.hasMany) return;
    this.hasMany = true;
    await this.sink.beforeMany();
  }

  private async take(
    directory: NativePath,
    { name, kind, isLink }: ListEntry,
    depth: number,
  ): Promise<boolean> {
    const isFollowed = !isLink || (this.options.followDirectorySymlinks && kind === 'directory');
    if ((kind !== 'file' && kind !== 'directory') || !isFollowed) return true;
    const path = joinBytes(directory, name);
    if (!this.sink.entry(path, kind)) return false;
    const isPruned = this.options.pruneHiddenDirectories && name[0] === DOT;
    if (kind === 'file' || depth >= this.options.maxDepth || isPruned) return true;
    try {
      await this.enqueue(path, depth + 1);
      return true;
    } catch (error) {
      return this.fail(path, error);
    }
  }
}

/**
 * Finds what is in a tree, breadth first, each directory sorted by name. Never fails because of what it meets. Tells
 * whether a limit left something out.
 */
export function walk(root: NativePath, options: WalkOptions, sink: WalkSink): Promise<boolean> {
  return asFsErrors(async () => {
    checkLimits(options);
    const path = checkPath(root);
    const { policy } = options;
    const [target, self] = await Promise.all(
      policy
        ? [look(policy, path, { last: 'follow' }), look(policy, path, { last: 'stay' })]
        : [disk.stat(path), disk.lstat(path)],
    );
    const isEntered =
      target.kind === 'directory' && (options.followDirectorySymlinks || self.kind !== 'link');
    if (!isEntered) return false;
    const anywhere = policy ? sandboxedRoot(policy) : anyRoot;
    const walked = policy || options.followDirectorySymlinks ? anywhere : await guardedRoot(path);
    return new Walk(walked, options, sink).run(path);
  });
}
