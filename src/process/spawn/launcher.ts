import type { ChildExit } from '../child';
import type { Newborn } from '../observe/newborn';
import type { SpawnSpec, TerminalMode, TerminalSize } from '../types';

/** A program that runs, as the leader of a session and process group of its own. */
export interface Launched extends Newborn {
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
  /** How it takes what is typed; absent where the system does not tell. Not to be called once `fd` is closed. */
  readonly mode?: () => TerminalMode | undefined;
  /** Where the end of a terminal is not told: whether this one is at it, because nobody has it open any more. */
  readonly isLeft?: () => boolean;
}

/** What the child gets as stdin, stdout or stderr: a descriptor of this process, or the null device. */
export type ChildEnd = number | 'ignore';

/** What to launch: more than is asked for, where a program puts another one into a sandbox. */
export interface LaunchSpec extends SpawnSpec {
  /** Descriptors of ours that become 3, 4 and so on. */
  readonly more?: readonly number[];
  /** The terminal is left to a session that the program will make. */
  readonly leavesTerminal?: boolean;
}

/** Starts programs on this system. Rejects with a SpawnError. */
export interface Launcher {
  /** The descriptors stay the caller's, who may close them once this has settled. */
  launch(spec: LaunchSpec, stdio: readonly [ChildEnd, number, number]): Promise<Launched>;
  launchInTerminal(spec: LaunchSpec): Promise<LaunchedInTerminal>;
}

/** `NAME=value` each, as the system takes an environment. */
export function environStrings(env: SpawnSpec['env']): string[] {
  return Object.keys(env).map((name) => `${name}=${env[name] ?? ''}`);
}
