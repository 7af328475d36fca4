import { canConnectTo, type ManagedProcess, type ProcessState, type StopReport } from '../../environment';

/** What a row needs to know of a process. */
export interface ProcessViewModel {
  readonly state: ProcessState;
  readonly exitCode: number | null;
  /** The number of the signal that ended it, if one did. */
  readonly exitSignal: number | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly tty: boolean;
  readonly stdinOpen: boolean;
  /** Ended, and nothing it started holds its streams. */
  readonly closed: boolean;
  /** It runs on another machine. */
  readonly far: boolean;
  /** Its number is known. */
  readonly numbered: boolean;
  /** Signals can be sent to it. */
  readonly signalled: boolean;
  /** Ports there can be reached from here. */
  readonly reached: boolean;
  /** Someone has asked for its end, and it still runs. */
  readonly stopping: boolean;
  /** What it waits for that somebody could type, and what it asks; null if for nothing. */
  readonly waiting: { readonly kind: 'input' | 'secret' | 'prompt'; readonly question: string } | null;
  /** How far the last stop has come; null without one. */
  readonly stop: Pick<StopReport, 'asked' | 'left' | 'done'> | null;
  /** Whether a person has its keyboard, be it at another window, and what of agents is held, in bytes. */
  readonly keyboard: {
    readonly taken: boolean;
    readonly takenElsewhere?: boolean;
    readonly heldBytes: number | null;
  };
  /** A person who has the keyboard knows what it asks. */
  readonly attended: boolean;
  /** Why it never ran; null if it did. */
  readonly noStart: { readonly why: 'sandbox' | 'network' | 'failed'; readonly reason: string } | null;
  /** What its client spoke to start it; undefined for what did not come over the wire. */
  readonly dialect: string | undefined;
}

/** @param attended whether a person is at what it asks; whoever does not know takes that for granted */
export function viewModel(process: ManagedProcess, attended = true): ProcessViewModel {
  return {
    state: process.state,
    exitCode: process.exitCode,
    exitSignal: process.exitSignal,
    startedAt: process.startedAt,
    endedAt: process.endedAt,
    tty: process.spec.tty,
    stdinOpen: process.stdinOpen,
    closed: process.closed,
    far: process.environmentId !== null,
    numbered: (process.pid ?? process.farPid) !== null,
    signalled: process.takesSignals,
    reached: canConnectTo(process),
    stopping: process.stoppedBy !== null,
    stop: process.stopReport,
    noStart: process.noStart,
    waiting: process.waiting,
    keyboard: process.keyboard,
    attended,
    dialect: process.owner.dialect,
  };
}
