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
  readonly processId: string;
  /**
   * Retained output after `afterSeq` (0 when absent), whole chunks, at least one if there is any. Waits up to
   * `waitMs` for output, the exit or the close. A lost process answers `closed` with its `failure`.
   */
  read(afterSeq?: number, maxBytes?: number, waitMs?: number): Promise<ReadResponse>;
  /** Resolves when the executor has taken all of it, or holds it. */
  write(chunk: Uint8Array): Promise<WriteResponse>;
  /** Ends stdin after what was written; types Ctrl-D into a terminal. Not every exec-server can. */
  closeStdin(): Promise<WriteResponse>;
  /** SIGINT to the whole process group; nothing after the exit. */
  signal(signal: 'interrupt'): Promise<void>;
  /** SIGKILL to the process and what it started; nothing after the exit. */
  terminate(): Promise<void>;
  /** Not every exec-server can. */
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
