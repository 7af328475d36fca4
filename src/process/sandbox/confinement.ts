import type { Policy } from '../../sandbox';
import type { LaunchSpec } from '../spawn/launcher';

/** The sandbox of a running process. */
export interface Confinement {
  readonly type: 'linuxSeccomp' | 'macosSeatbelt';
  readonly policy: Policy;
  /** Where a path leads over links, as far as that can be told at once. */
  readonly realPath: (path: string) => string | undefined;
  /** The first process is the sandbox's own: what it was given is interrupted and asked to end by others' pids. */
  readonly isWrapped: boolean;
  /** To be called when it has ended, or was not started. */
  readonly release: () => void;
}

/** A start inside of a sandbox, made ready. */
export interface Confined {
  readonly launch: LaunchSpec;
  readonly confinement: Confinement;
  /** To be called when the start has succeeded or failed. */
  readonly started: () => void;
}
