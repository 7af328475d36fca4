import type { EnvPolicy } from '../process/envPolicy';
import type { OutputStream, TerminalSize, WriteStatus } from '../process/types';

/** What to start, in terms of the machine that will run it. */
export interface ExecParams {
  /** Chosen by the caller; unique among the processes of one backend that are still known. */
  readonly processId: string;
  /** Program and arguments; at least one entry. No shell is involved unless it is named here. */
  readonly argv: readonly string[];
  /** Absolute path as the executor writes it, or a `file:` URL. */
  readonly cwd: string;
  /** The whole environment, or with `envPolicy` what is laid over its result. */
  readonly env: Readonly<Record<string, string>>;
  /** How the environment follows from the executor's own. */
  readonly envPolicy?: EnvPolicy | undefined;
  /** A terminal instead of pipes. */
  readonly tty: boolean;
  /** With pipes: a writable stdin instead of the null device. */
  readonly pipeStdin: boolean;
  /** argv[0] as the program sees it. */
  readonly arg0?: string | undefined;
  /** Of the terminal, 24 × 80 when absent; servers that cannot set it leave it at that. */
  readonly size?: TerminalSize | undefined;
}

/** A retained piece of output. */
export interface ExecOutputChunk {
  readonly seq: number;
  readonly stream: OutputStream;
  /** Not to be changed by its readers. */
  readonly chunk: Uint8Array;
}

/** What a poller gets. `nextSeq - 1` is the right `afterSeq` of the next read. */
export interface ReadResponse {
  readonly chunks: readonly ExecOutputChunk[];
  readonly nextSeq: number;
  readonly exited: boolean;
  /** 0…255, 128+N after signal N, -1 if unknown; null while it runs. */
  readonly exitCode: number | null;
  /** Exited, and all its streams have ended; also when the process is lost. */
  readonly closed: boolean;
  /** Why the process is lost: its executor cannot be reached any more. */
  readonly failure: string | null;
  /** Bytes between the cursor and the first chunk that are not retained any more, as far as their number is known. */
  readonly droppedBytes: number;
}

/** What happens to a process, in order: one counter from 1 over output, exit and close. */
export type ExecProcessEvent =
  | ({ readonly type: 'output' } & ExecOutputChunk)
  | { readonly type: 'exited'; readonly seq: number; readonly exitCode: number }
  | { readonly type: 'closed'; readonly seq: number }
  /** Output up to `seq` is missing here; `bytes` is null where nobody knows how much it was. */
  | { readonly type: 'dropped'; readonly seq: number; readonly bytes: number | null }
  /** Nothing more will be known; the message begins with `exec-server transport disconnected`. */
  | { readonly type: 'failed'; readonly message: string };

export interface WriteResponse {
  readonly status: WriteStatus;
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
  /** Resolves when the executor has taken all of it. */
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
