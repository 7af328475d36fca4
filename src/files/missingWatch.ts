import { constants, watch as watchFs, type FSWatcher } from 'node:fs';
import { basename } from 'node:path';
import { disk } from '../blocking';
import { fromByteText } from './nativePath';
import { PathSurvey, type Stage } from './pathSurvey';

/** Directories of one watch: each takes one of the system's few. */
const MAX_DIRECTORIES = 8192;

interface Watched {
  readonly watcher: FSWatcher;
  /** What matters in the directory. */
  names: ReadonlySet<string>;
}

/** Paths that may appear, and one that may vanish, as byte texts. Reports once, then it is over. */
export class MissingWatch {
  /** By the identity of the directory. */
  private readonly watched = new Map<string, Watched>();
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
    const changed = await this.settle();
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
    for (const { watcher } of this.watched.values()) watcher.close();
    this.watched.clear();
  }

  /**
   * Moves the watchers to the directories that matter now, until they stay: what happened before a watcher
   * was set up raised no event. Tells whether there is a change. A disk that cannot be watched counts as one,
   * because then the caller had better look itself.
   */
  private async settle(): Promise<boolean> {
    try {
      for (;;) {
        const survey = new PathSurvey(MAX_DIRECTORIES);
        if (await this.hasChanged(survey)) return true;
        if (this.ended || !(await this.follow(survey))) return false;
      }
    } catch {
      return true;
    }
  }

  private async hasChanged(survey: PathSurvey): Promise<boolean> {
    if (this.present !== undefined && !(await survey.exists(this.present))) return true;
    for (const path of this.missing) if (await survey.exists(path)) return true;
    return false;
  }

  /** True if watchers had to be set up. */
  private async follow({ stages }: PathSurvey): Promise<boolean> {
    const wanted = new Set([...stages.values()].map(({ identity }) => identity));
    for (const [identity, { watcher }] of this.watched) {
      if (wanted.has(identity)) continue;
      watcher.close();
      this.watched.delete(identity);
    }
    let hasNew = false;
    for (const [directory, stage] of stages) {
      const known = this.watched.get(stage.identity);
      if (known) known.names = stage.names;
      else await this.reach(directory, stage);
      hasNew ||= !known;
    }
    return hasNew;
  }

  /** To watch is a call on the event loop; the disk has just answered, so that it does not wait there. */
  private async reach(directory: string, stage: Stage): Promise<void> {
    await disk.access(fromByteText(directory), constants.F_OK);
    if (!this.ended) this.watch(directory, stage);
  }

  private watch(directory: string, { identity, names }: Stage): void {
    const options = { persistent: false, encoding: 'buffer' } as const;
    const watcher = watchFs(fromByteText(directory), options, (_, name) => {
      if (isOf(directory, this.watched.get(identity)?.names, name)) this.look();
    });
    // As when a watched directory is deleted on Windows.
    watcher.on('error', () => {
      watcher.close();
      if (this.watched.get(identity)?.watcher === watcher) this.watched.delete(identity);
      this.look();
    });
    this.watched.set(identity, { watcher, names });
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

/** Whether an event may matter. The folders above are full of others' files, `/tmp` for one. */
function isOf(directory: string, names: ReadonlySet<string> | undefined, name: Buffer | null): boolean {
  // Elsewhere names may come in another spelling.
  if (!name || !names || process.platform !== 'linux') return true;
  const text = name.toString('latin1');
  // Its own name stands for the directory itself.
  return names.has(text) || text === basename(directory);
}
