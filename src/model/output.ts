/** Where a piece of output came from. A terminal has one stream for both. */
export type OutputStream = 'stdout' | 'stderr' | 'pty';

/** All of them, each where its number in a file of output has it. */
export const STREAMS: readonly OutputStream[] = ['stdout', 'stderr', 'pty'];

/** One retained or live piece of output. `chunk` must not be changed by its readers. */
export interface OutputChunk {
  /** Its number among the events of its process, from 1. */
  readonly seq: number;
  /** Where it came from; `pty` for a process with a terminal. */
  readonly stream: OutputStream;
  /** The bytes as they were written; a character may be cut in two. */
  readonly chunk: Buffer;
}

/** What happens to a process, in order: one counter from 1 without a gap over all three kinds. */
export type ProcessEvent =
  | ({ readonly type: 'output' } & OutputChunk)
  /** 0…255, 128+N after signal N, -1 if nobody knows. `signal` is its number, where another host tells it. */
  | { readonly type: 'exited'; readonly seq: number; readonly exitCode: number; readonly signal?: number }
  /** Exited, and every stream has ended: nothing follows. */
  | { readonly type: 'closed'; readonly seq: number };

/** What a bounded or far observer of a process gets: its events, and what is missing among them. */
export type ExecProcessEvent =
  | ProcessEvent
  /** Everything up to `seq` that did not come before is missing here; `bytes` is null where nobody knows how much it was. */
  | { readonly type: 'dropped'; readonly seq: number; readonly bytes: number | null }
  /** Nothing more will be known; the message begins with `exec-server transport disconnected`. */
  | { readonly type: 'failed'; readonly message: string };

/** What a poller gets: what is retained after its cursor, and how much of it is gone. */
export interface ReadResult {
  /** Whole chunks in order; empty when there is nothing new. */
  readonly chunks: readonly OutputChunk[];
  /** `nextSeq - 1` is the right `afterSeq` of the next read. */
  readonly nextSeq: number;
  /** Whether the process itself has ended; output may follow until `closed`. */
  readonly exited: boolean;
  /** 0…255, 128+N after signal N, -1 if nobody knows; null while it runs. */
  readonly exitCode: number | null;
  /** Exited, and all its streams have ended. */
  readonly closed: boolean;
  /** Bytes between the cursor and the first returned chunk that are not retained any more, as far as their number is known. */
  readonly droppedBytes: number;
}
