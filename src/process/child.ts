import type { Family } from './family';
import type { OutputStream, TerminalSize } from './types';

/** How a child ended; both are null when its end was not observed. */
export interface ChildExit {
  readonly code: number | null;
  /** The number of the signal that ended it. */
  readonly signal: number | null;
  /** Why its end was not observed, in words for a person. */
  readonly problem?: string;
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
  drained(): void;
}

/** Where bytes for a child's stdin go. */
export interface StdinPipe {
  /** Resolves with whether the child's pipe took all of it; calls are not to overlap. */
  write(chunk: Uint8Array): Promise<boolean>;
  /** Says that nothing follows: end of file for a pipe, Ctrl-D for a terminal. */
  end(): Promise<boolean>;
  /** Gives up at once; a write under way resolves with false. */
  destroy(): void;
}

/** A running child with its streams, whether pipes or a terminal. */
export interface Child {
  readonly pid: number;
  readonly stdin: StdinPipe | undefined;
  /** Starts the flow into `sink`. To be called in the turn in which the child was handed out. */
  begin(sink: ChildSink): void;
  /** Stops reading, so that the child blocks when its pipe is full. */
  pause(): void;
  resume(): void;
  /** Takes what lies in the pipes now, also while paused, and ends the streams; `drained` follows. */
  cut(): void;
  /** A terminal only. */
  resize?(size: TerminalSize): void;
}

/** A child that somebody else started, elsewhere: it has no pid here, and brings the way to stop it. */
export interface ForeignChild extends Omit<Child, 'pid'> {
  readonly pid: null;
  readonly family: Family;
  /** Where it runs, as people call it. */
  readonly place: string;
}
