import type { Newborn } from './observe/newborn';
import type { Confinement } from './sandbox/confinement';
import type { ProcessTree } from './stop/processTree';
import type { AnyKeyboard } from './input/keyboard';
import type { SizeChange } from './sizeHistory';
import type { NoStart, OutputStream, StopOptions, TerminalMode, TerminalSize, Waiting } from './types';

/** How a child ended; both are null when its end was not observed. */
export interface ChildExit {
  readonly code: number | null;
  /** The number of the signal that ended it. */
  readonly signal: number | null;
  /** Why its end was not observed, in words for a person. */
  readonly problem?: string;
  /** It ended, and only its parent knows how. */
  readonly untold?: boolean;
  /** What a server that keeps it tells of an end that may be long past. */
  readonly told?: {
    /** Milliseconds since 1970. */
    readonly at: number;
    /** Who asked for it. */
    readonly by: StopOptions['by'] | null;
    /** Its sandbox was why it failed. */
    readonly denied: boolean;
  };
}

/** The exit code of a process whose end was not observed. */
export const UNKNOWN_EXIT_CODE = -1;

/** One number for an exit, as shells have it: the status, or 128 + N after signal N. */
export function exitCodeOf({ code, signal }: ChildExit): number {
  return code ?? (signal === null ? UNKNOWN_EXIT_CODE : 128 + signal);
}

/** Takes what a child does. Calls come only after `Child.begin`, one at a time. */
export interface ChildSink {
  /** The buffer is the sink's from now on. */
  output(stream: OutputStream, chunk: Buffer): void;
  /** Output up to the sequence number `seq` did not get here; `bytes` is null where nobody knows how much. */
  dropped(seq: number, bytes: number | null): void;
  /** Once. */
  exited(exit: ChildExit): void;
  /** Once: every stream is at its end, and no output follows. May come before or after the exit. */
  streamsEnded(): void;
  /** Another host has told what the process waits for; it knows better than anybody who looks from here. */
  waiting(waiting: Waiting | null): void;
  /** Once, in the place of all that would still come: nothing more will be known, and `problem` says why. */
  lost(problem: string): void;
}

/** Where bytes for a child's stdin go. */
export interface StdinPipe {
  /**
   * Resolves with whether the child's pipe took all of it; calls are not to overlap. Rejects only where another host
   * was asked, with its words.
   */
  write(chunk: Uint8Array): Promise<boolean>;
  /** Says that nothing follows: end of file for a pipe, Ctrl-D for a terminal. Rejects as `write` does. */
  end(): Promise<boolean>;
  /** Gives up at once; a write under way resolves with false. */
  destroy(): void;
}

/** A running child with its streams, whether pipes or a terminal. */
export interface Child extends Newborn {
  /** The sandbox that it is in. */
  readonly confinement?: Confinement;
  readonly stdin: StdinPipe | undefined;
  /** Starts the flow into `sink`. To be called in the turn in which the child was handed out. */
  begin(sink: ChildSink): void;
  /** Stops reading, so that the child blocks when its pipe is full. */
  pause(): void;
  resume(): void;
  /** Takes what lies in the pipes now, also while paused, and ends the streams; `streamsEnded` follows. */
  closeStreams(): void;
  /** A terminal only. */
  resize?(size: TerminalSize): void;
  /** A terminal only, where the system tells. */
  readonly terminalSide?: TerminalSide;
}

/** A terminal seen from the side of those who type. */
export interface TerminalSide {
  /** The name of the other side in the file system. */
  readonly path: string;
  /** Undefined where the system does not tell, and once it is closed. */
  mode(): TerminalMode | undefined;
}

/** A child that was not started by this process: it brings the way to stop it. */
interface ForeignChild extends Omit<Child, keyof Newborn | 'resize' | 'terminalSide' | 'confinement'> {
  readonly tree: ProcessTree;
  /** Whether its host knows how to give a terminal another size. */
  readonly resizable: boolean;
  /** Rejects with the host's words. */
  resize(size: TerminalSize): Promise<void>;
  /** Sends SIGINT to its process group. Rejects with the host's words, or when nobody knows whether it was sent. */
  interrupt(): Promise<void>;
}

/** A child that another host started: it has no pid here. */
export interface RemoteChildHandle extends ForeignChild {
  readonly pid: null;
  /** Where it runs, as people call it; null for this machine, where it did not start. */
  readonly environmentId: string | null;
  /** Its number there; null where that is not told. */
  readonly farPid: number | null;
  /** Set if it never ran. */
  readonly noStart?: NoStart;
  /** When that was tried, in ms since 1970; set where a server of ours keeps its row while windows come and go. */
  readonly triedAt?: number | undefined;
}

/** A child of somebody else on this machine, which is only shown here: it outlives this process. */
export interface ShownChildHandle extends ForeignChild {
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** What only its server knows of it; set where a server of ours keeps it while windows come and go. */
  readonly kept?: KeptFacts;
}

/** What is known where a process is kept. */
export interface KeptFacts {
  /** Who types into it, from whichever window. */
  readonly keyboard: AnyKeyboard;
  /** Its sandbox in words, as a process tells its own. */
  readonly sandbox?: { readonly short: string; readonly full: readonly string[] } | undefined;
  /** The sizes that its terminal has had, oldest first. */
  readonly sizes: readonly SizeChange[];
}

/** Every child that a table can list. */
export type AnyChild = Child | RemoteChildHandle | ShownChildHandle;

export function isForeign(child: AnyChild): child is RemoteChildHandle | ShownChildHandle {
  return 'tree' in child;
}
