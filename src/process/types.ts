/** Where a piece of output came from. A terminal has one stream for both. */
export type OutputStream = 'stdout' | 'stderr' | 'pty';

/** A terminal's size in character cells, each 1…65535. */
export interface TerminalSize {
  readonly rows: number;
  readonly cols: number;
}

/** A terminal's size when nobody asked for another. */
export const DEFAULT_SIZE: TerminalSize = { rows: 24, cols: 80 };

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
  /** Unique in its table, also over time. */
  readonly key: string;
  /** Chosen by the owner. */
  readonly processId: string;
  readonly owner: ProcessOwner;
}

/** What to run. Everything is final here: no shell, no look-up of policies. */
export interface SpawnSpec {
  /** Program and arguments; at least one entry. */
  readonly argv: readonly string[];
  /** Absolute native path. */
  readonly cwd: string;
  /** Its bytes where they are not UTF-8, and `cwd` is for people only. Linux only. */
  readonly cwdBytes?: Buffer | undefined;
  /** The whole environment of the child. */
  readonly env: Readonly<Record<string, string>>;
  /** A terminal instead of pipes. */
  readonly tty: boolean;
  /** With pipes: a writable stdin instead of the null device. */
  readonly pipeStdin: boolean;
  /** argv[0] as the program sees it. */
  readonly arg0?: string | undefined;
  /** Terminal size, 24 × 80 when absent. */
  readonly size?: TerminalSize | undefined;
}

/** One retained or live piece of output. `chunk` must not be changed by its readers. */
export interface OutputChunk {
  readonly seq: number;
  readonly stream: OutputStream;
  readonly chunk: Buffer;
}

/**
 * Whether the listener of an attachment goes on using chunks after it has returned. The memory of those that are
 * only lent is used again.
 */
export type ChunkUse = 'kept' | 'lent';

/** What happens to a process, in order: one counter from 1 without a gap over all three kinds. */
export type ProcessEvent =
  | ({ readonly type: 'output' } & OutputChunk)
  | { readonly type: 'exited'; readonly seq: number; readonly exitCode: number }
  | { readonly type: 'closed'; readonly seq: number };

/** What a poller gets: what is retained after its cursor, and how much of it is gone. */
export interface ReadResult {
  readonly chunks: readonly OutputChunk[];
  /** `nextSeq - 1` is the right `afterSeq` of the next read. */
  readonly nextSeq: number;
  readonly exited: boolean;
  readonly exitCode: number | null;
  readonly closed: boolean;
  /** Bytes between the cursor and the first returned chunk that were dropped by the retention bound. */
  readonly droppedBytes: number;
}

export type WriteStatus = 'accepted' | 'unknownProcess' | 'stdinClosed' | 'starting';

/** A lossless reader's hold on a process. */
export interface Attachment {
  /** Stops reading from the child, so that it blocks when its pipe is full. Counted per attachment. */
  pause(): void;
  resume(): void;
  /** Detaches; a paused attachment no longer holds the child back. */
  dispose(): void;
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
  /** Who stopped it, shown to people. */
  readonly by: 'person' | 'client' | 'shutdown';
}

/** A process of ours, or a descendant, that outlived the whole ladder. */
export interface Survivor {
  /** Null where it is not known: on another machine. */
  readonly pid: number | null;
  readonly command: string;
}

/** `lost`: the end was not observed, so the exit code is unknown. */
export type ProcessState = 'running' | 'exited' | 'killed' | 'lost';
