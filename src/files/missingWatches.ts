import { checkPath, toByteText, type NativePath, type PathOptions } from './nativePath';
import type { Policy } from '../sandbox';
import { asFsErrors, isMissing } from './osError';
import { look } from './sandboxed/look';
import { MissingWatch } from './missingWatch';

/** Watches of one connection, and paths of one watch: each takes one of the system's few. */
const MAX_WATCHES = 128;
const MAX_PATHS = 1024;

/** The watches of one connection for paths that are not there yet. No polling: the system tells. */
export class MissingWatches implements Disposable {
  private readonly watches = new Map<number, MissingWatch>();
  private disposed = false;

  /** `onChanged` is called at most once for each watch, which is then over and its id free. */
  constructor(private readonly onChanged: (watchId: number) => void) {}

  /**
   * False if the id is in use, one of `missing` is there, `present` is not, nothing can be watched, or there
   * are 128 watches or more than 1,024 paths.
   */
  async watch(
    watchId: number,
    missing: readonly NativePath[],
    present?: NativePath | null,
    { policy }: Pick<PathOptions, 'policy'> = {},
  ): Promise<boolean> {
    if (policy)
      await Promise.all([...missing, ...(present ? [present] : [])].map((path) => mayWatch(policy, path)));
    if (this.disposed || missing.length === 0 || this.watches.has(watchId)) return false;
    if (this.watches.size >= MAX_WATCHES || missing.length > MAX_PATHS) return false;
    const paths = missing.map((path) => toByteText(checkPath(path)));
    const kept = present ? toByteText(checkPath(present)) : undefined;
    const watch = new MissingWatch(paths, kept, () => {
      this.watches.delete(watchId);
      this.onChanged(watchId);
    });
    this.watches.set(watchId, watch);
    if (await watch.start()) return true;
    watch.stop();
    if (this.watches.get(watchId) === watch) this.watches.delete(watchId);
    return false;
  }

  /** Ends all watches without a word. */
  [Symbol.dispose](): void {
    this.disposed = true;
    for (const watch of this.watches.values()) watch.stop();
    this.watches.clear();
  }
}

/** @throws FsError `Permission denied` for a path of which a policy does not tell whether it is there */
function mayWatch(policy: Policy, path: NativePath): Promise<void> {
  return asFsErrors(async () => {
    await look(policy, checkPath(path), { last: 'follow' }).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  });
}
