import type { ExecParams, ExecProcessEvent, ReadResult, TerminalSize, WriteResponse } from '../model';

/** What a poller gets; `closed` also when the process is lost. */
export interface ReadResponse extends ReadResult {
  /** Why the process is lost: its executor cannot be reached any more. */
  readonly failure: string | null;
}

/**
 * A process that runs here or elsewhere. Disposing of the handle ends the process if it still runs. Calls reject
 * with a sentence when the executor refuses them or cannot be reached any more.
 */
export interface ExecProcess extends AsyncDisposable {
  /** The id that it was started with. */
  readonly processId: string;
  /**
   * Retained output after a cursor, in whole chunks. A lost process answers `closed` with its `failure`, and does not
   * reject.
   *
   * @param afterSeq the number of what was read last, `nextSeq - 1`; 0, for all, when absent
   * @param maxBytes of all chunks together, but for the first, which may be larger; without a bound when absent
   * @param waitMs for output, the exit or the close, in ms, 2³¹ - 1 at most; 0, for an answer at once, when absent
   */
  read(afterSeq?: number, maxBytes?: number, waitMs?: number): Promise<ReadResponse>;
  /**
   * Types into its terminal or stdin, behind earlier writes. Resolves when the executor has taken all of it, or holds it.
   * Rejects with a DisconnectedError when the executor is gone, and with a sentence when 16 MiB are held already.
   *
   * @param chunk not to be changed until then
   */
  write(chunk: Uint8Array): Promise<WriteResponse>;
  /** Ends stdin after what was written; types Ctrl-D into a terminal. Not every exec-server can. */
  closeStdin(): Promise<WriteResponse>;
  /** SIGINT to the whole process group; nothing after the exit. */
  signal(signal: 'interrupt'): Promise<void>;
  /**
   * SIGKILL to the process and what it started; nothing after the exit. Resolves when they have ended, or after 1 s: how
   * it ended is told by `exited`. Does not reject when the executor is gone.
   */
  terminate(): Promise<void>;
  /**
   * Gives the terminal another size; nothing after the exit. Rejects with a RangeError for a size out of bounds, with an
   * Error where there is no terminal, and with the executor's words where it cannot: not every exec-server can.
   */
  resize(size: TerminalSize): Promise<void>;
  /** Calls `listener` whenever a read may have news; returns the way to stop. */
  subscribeWake(listener: () => void): () => void;
  /**
   * The retained events, then each as it happens, up to and with `closed` or `failed`. A subscriber that lags by
   * more than 16 MiB of output loses the oldest part of it and is told by `dropped`; nobody else is slowed down.
   */
  subscribeEvents(): AsyncIterableIterator<ExecProcessEvent>;
}

/** Starts processes somewhere. */
export interface ExecBackend {
  /** Rejects with the executor's text when the program cannot be run or the id is taken. */
  start(params: ExecParams): Promise<{ readonly process: ExecProcess }>;
}
