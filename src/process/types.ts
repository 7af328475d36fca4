import type { ExecParams } from '../model';
import type { SandboxRequest } from '../sandbox';

export {
  DEFAULT_SIZE,
  type Hold,
  type Listening,
  type Look,
  type NeededInput,
  type OutputChunk,
  type OutputStream,
  type ProcessEvent,
  type ReadResult,
  type TerminalSize,
  type Usage,
  type Waiting,
  type WriteResponse,
  type WriteStatus,
} from '../model';

/** Who started a process: one connection's session, an extension, a person. Rows are grouped by it. */
export interface ProcessOwner {
  /** Unique among the owners of one table, for example a wire session id. */
  readonly id: string;
  /** What the client calls itself; untrusted text. */
  readonly name: string;
  /** What it spoke to start this process, as people call it; absent for what did not come over the wire. */
  readonly dialect?: string | undefined;
}

/** What a process is called, and by whom. */
export interface ProcessIdentity {
  /** Unique in its table, also over time; what tools and commands of the editor call `processId`. */
  readonly id: string;
  /** What the client that started it calls it on its wire; others may have one of the same name. */
  readonly clientProcessId: string;
  readonly owner: ProcessOwner;
}

/** What to run. Everything is final here: no shell, no look-up of policies; `cwd` is a native path. */
export interface SpawnSpec extends Omit<ExecParams, 'processId' | 'envPolicy' | 'sandbox'> {
  /** What it may do, absent for everything; refused where that cannot be enforced. */
  readonly sandbox?: SandboxRequest | undefined;
  /** The bytes of `cwd` where they are not UTF-8, and it is for people only. Linux only. */
  readonly cwdBytes?: Buffer | undefined;
  /** What the program asks its terminal is for the client to answer, which is a terminal itself. */
  readonly leavesQuestions?: boolean | undefined;
  /** With pipes: stderr is the same pipe as stdout, so that their order is kept; where `canMergeStderr`. */
  readonly mergeStderr?: boolean | undefined;
  /** What people are shown in the place of the command line; untrusted text. */
  readonly label?: string | undefined;
}

/**
 * Whether the listener of a subscription goes on using chunks after it has returned. The memory of those that are
 * only lent is used again.
 */
export type ChunkUse = 'kept' | 'lent';

/** A lossless reader's subscription to the events of a process. */
export interface Subscription {
  /** Stops reading from the child, so that it blocks when its pipe is full. Counted per subscription. */
  pause(): void;
  resume(): void;
  /** Unsubscribes; a paused subscription no longer holds the child back. */
  dispose(): void;
}

/** How a terminal takes what is typed. */
export interface TerminalMode {
  /** It shows it. */
  readonly echo: boolean;
  /** By whole lines, which can be corrected before they are read. */
  readonly canonical: boolean;
}

/** The rungs of the stop ladder, mildest first. */
export type Rung = 'interrupt' | 'terminate' | 'kill';

export interface StopOptions {
  /** The first rung. */
  readonly from: Rung;
  /** The last rung, `kill` when absent. */
  readonly to?: Rung;
  /** Milliseconds between rungs, 2000 when absent. */
  readonly graceMs?: number;
  /** Who stopped it, shown to people; `gone` is the server, because its client's connection had ended. */
  readonly by: 'person' | 'client' | 'gone' | 'shutdown';
}

/** A process of ours, or a descendant, that outlived the whole ladder. */
export interface Survivor {
  /** Null where it is not known: on another machine. */
  readonly pid: number | null;
  readonly command: string;
}

/** How far a stop has come. */
export interface StopReport {
  readonly by: StopOptions['by'];
  /** Processes of the tree that were asked to end, so far as they were found. */
  readonly asked: number;
  /** Those of them that are still there; after the stop its survivors. */
  readonly left: readonly Survivor[];
  readonly ended: number;
  /** Those that ended only when they were killed. */
  readonly forced: number;
  readonly done: boolean;
}

/** Why a start came to nothing: what it asked for cannot be had here, or it failed. */
export interface NoStart {
  readonly why: 'sandbox' | 'network' | 'failed';
  /** Whole sentences, or the system's words. */
  readonly reason: string;
  /** What a person can do about it: whole sentences, commands between backticks. Undefined where nobody knows. */
  readonly remedy?: string;
}

/** `lost`: the end was not observed, so the exit code is unknown. `unstarted`: it never ran. */
export type ProcessState = 'running' | 'exited' | 'killed' | 'lost' | 'unstarted';
