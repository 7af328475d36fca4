import { watch as watchFs, type FSWatcher } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fromByteText } from './nativePath';
import { errorName } from './osError';

/** True unless the system says that there is nothing, not even a dangling link. */
async function exists(path: string): Promise<boolean> {
  return lstat(fromByteText(path)).then(
    () => true,
    (error: unknown) => errorName(error) !== 'ENOENT' && errorName(error) !== 'ENOTDIR',
  );
}

interface Place {
  readonly directory: string;
  /** Differs when another directory has taken the old one's place. */
  readonly identity: string;
}

/** The directory in which the first missing part of a path would appear. */
async function nearestDirectory(path: string): Promise<Place> {
  const directory = dirname(path);
  const stats = await stat(fromByteText(directory), { bigint: true }).catch(() => undefined);
  if (stats?.isDirectory()) {
    // The birth too, because a new directory often gets the number of the one just removed.
    return { directory, identity: [directory, stats.dev, stats.ino, stats.birthtimeNs].join('\0') };
  }
  if (directory === path) throw new Error('no directory to watch');
  return nearestDirectory(directory);
}

/** Paths that may appear, and one that may vanish, as byte texts. Reports once, then it is over. */
export class MissingWatch {
  private readonly watchers = new Map<string, FSWatcher>();
  private armed = false;
  private ended = false;
  private checking = false;
  private stale = false;

  constructor(
    private readonly missing: readonly string[],
    private readonly present: string | undefined,
    private readonly onChanged: () => void,
  ) {}

  /** False if there is nothing to wait for, or no way to. */
  async start(): Promise<boolean> {
    const changed = (await this.hasChanged()) || (await this.settle());
    if (changed || this.ended) {
      this.stop();
      return false;
    }
    this.armed = true;
    if (this.stale) this.look();
    return true;
  }

  stop(): void {
    this.ended = true;
    for (const watcher of this.watchers.values()) watcher.close();
    this.watchers.clear();
  }

  private async hasChanged(): Promise<boolean> {
    if (this.present !== undefined && !(await exists(this.present))) return true;
    for (const path of this.missing) if (await exists(path)) return true;
    return false;
  }

  /**
   * Moves the watchers to the directories that matter now, until they stay: what happened before a watcher
   * was set up raised no event. Tells whether there is a change. A disk that cannot be watched counts as one,
   * because then the caller had better look itself.
   */
  private async settle(): Promise<boolean> {
    try {
      while (await this.follow());
      return await this.hasChanged();
    } catch {
      return true;
    }
  }

  /** True if watchers had to be set up. */
  private async follow(): Promise<boolean> {
    const wanted = new Map<string, string>();
    for (const path of this.present === undefined ? this.missing : [...this.missing, this.present]) {
      const { directory, identity } = await nearestDirectory(path);
      wanted.set(identity, directory);
    }
    if (this.ended) return false;
    for (const [identity, watcher] of this.watchers) {
      if (wanted.has(identity)) continue;
      watcher.close();
      this.watchers.delete(identity);
    }
    const added = [...wanted].filter(([identity]) => !this.watchers.has(identity));
    for (const [identity, directory] of added) this.watch(identity, directory);
    return added.length > 0;
  }

  private watch(identity: string, directory: string): void {
    // Any event is a reason to look: the names in events miss renames of the directory itself.
    const watcher = watchFs(fromByteText(directory), { persistent: false }, () => this.look());
    // As when a watched directory is deleted on Windows.
    watcher.on('error', () => {
      watcher.close();
      if (this.watchers.get(identity) === watcher) this.watchers.delete(identity);
      this.look();
    });
    this.watchers.set(identity, watcher);
  }

  private look(): void {
    this.stale = true;
    if (this.armed && !this.checking) void this.check();
  }

  /** Never rejects: `settle` does not. */
  private async check(): Promise<void> {
    this.checking = true;
    while (this.stale && !this.ended) {
      this.stale = false;
      if (await this.settle()) this.report();
    }
    this.checking = false;
  }

  private report(): void {
    if (this.ended) return;
    this.stop();
    this.onChanged();
  }
}
