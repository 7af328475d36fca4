import type { ChildExit } from './child';
import type { SpawnSpec, TerminalSize } from './types';

/** A program that runs, as the leader of a session and process group of its own. */
export interface Launched {
  readonly pid: number;
  readonly exit: Promise<ChildExit>;
}

export interface LaunchedInTerminal extends Launched {
  /** The terminal's master: does not block, is closed on exec, and is the caller's to close. */
  readonly fd: number;
  /** The terminal's name in the file system. */
  readonly path: string;
  /** Not to be called once `fd` is closed. */
  resize(size: TerminalSize): void;
  /** How much output can be read at once; absent where the system does not tell. Not to be called once `fd` is closed. */
  readonly pendingBytes?: () => number;
}

/** A descriptor of ours for the child, or the null device. */
export type ChildEnd = number | 'ignore';

/** Starts programs on this system. Rejects with a SpawnError. */
export interface Launcher {
  /** The descriptors stay the caller's, who may close them once this has settled. */
  launch(spec: SpawnSpec, stdio: readonly [ChildEnd, number, number]): Promise<Launched>;
  launchInTerminal(spec: SpawnSpec): Promise<LaunchedInTerminal>;
}

/** `NAME=value` each, as the system takes an environment. */
export function environStrings(env: SpawnSpec['env']): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}
