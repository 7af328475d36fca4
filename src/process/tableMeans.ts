import type { CrashGuard } from './orphans/crashGuard';
import type { SpillOptions } from './output/spillFolder';
import type { SecretPlaces } from './sandbox/sandboxBackend';
import type { PlatformLoader } from './spawn/platform';
import type { BufferPool } from './streams/bufferPool';

/** What a table works with. */
export interface TableMeans {
  readonly loadPlatform: PlatformLoader;
  /** Kills running children if this process dies without running its exit handlers (SIGKILL, a crash). */
  readonly guard?: CrashGuard;
  /** Keeps output that memory has no room for; nobody does when absent. */
  readonly spill?: SpillOptions;
  /** Where the memory for output is from. */
  readonly pool: BufferPool;
  /** What no sandboxed command may read; nothing when absent. */
  readonly secrets: SecretPlaces;
  /** A person is there to answer prompts that hide what is typed: agents' input waits for that. */
  readonly attended: boolean;
  /** Takes a sentence for the log of whoever runs this program. */
  readonly warn: (message: string) => void;
}
