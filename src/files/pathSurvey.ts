import { dirname, isAbsolute, join, parse, sep } from 'node:path';
import { disk, type FileStats } from '../blocking';
import { fromByteText, toByteText } from './nativePath';
import { osError } from './osError';
import { errorCode } from '../values';
import { MAX_LINKS } from '../os';

/** A directory on the way to some path; its own path has no links. */
export interface Stage {
  /** Differs when another directory has taken the old one's place. */
  readonly identity: string;
  /** What was looked for in it. */
  readonly names: Set<string>;
}

/**
 * Looks along paths, each step of all of them once, and keeps every directory whose change could make one of them lead
 * elsewhere: those above, and those with links on the way. Paths are texts of one character for each byte.
 */
export class PathSurvey {
  readonly stages = new Map<string, Stage>();
  private readonly seen = new Map<string, FileStats | undefined>();

  /** @param maxStages directories, beyond which the survey fails */
  constructor(private readonly maxStages: number) {}

  /** Whether there is something, a dangling link too. Rejects if that cannot be told. */
  async exists(path: string): Promise<boolean> {
    const { root } = parse(path);
    let directory = root;
    const rest = path.slice(root.length).split(sep).reverse();
    for (let links = 0; ;) {
      const name = rest.pop();
      if (name === undefined) return true;
      if (name === '' || name === '.') continue;
      if (name === '..') {
        directory = dirname(directory);
        continue;
      }
      const stats = await this.look(directory, name);
      if (!stats) return false;
      const here = join(directory, name);
      if (rest.length === 0) return true;
      if (stats.kind === 'link') {
        links += 1;
        if (links > MAX_LINKS) throw osError('ELOOP');
        const target = toByteText(await disk.readlink(fromByteText(here)));
        const top = isAbsolute(target) ? parse(target).root : '';
        if (top !== '') directory = top;
        rest.push(...target.slice(top.length).split(sep).reverse());
      } else if (stats.kind === 'directory') directory = here;
      else return false;
    }
  }

  private async look(directory: string, name: string): Promise<FileStats | undefined> {
    const stage = this.stages.get(directory) ?? (await this.addStage(directory));
    stage.names.add(name);
    return this.lstat(join(directory, name));
  }

  private async addStage(directory: string): Promise<Stage> {
    const stats = await this.lstat(directory);
    if (!stats) throw osError('ENOENT');
    // The birth too, because a new directory often gets the number of the one just removed.
    const identity = [directory, stats.dev, stats.ino, stats.birthtimeNs].join('\0');
    const stage = { identity, names: new Set<string>() };
    if (this.stages.size >= this.maxStages) throw osError('ENOSPC');
    this.stages.set(directory, stage);
    return stage;
  }

  private async lstat(path: string): Promise<FileStats | undefined> {
    if (!this.seen.has(path)) this.seen.set(path, await disk.lstat(fromByteText(path)).catch(absent));
    return this.seen.get(path);
  }
}

function absent(error: unknown): undefined {
  const name = errorCode(error);
  if (name !== 'ENOENT' && name !== 'ENOTDIR') throw error;
}
