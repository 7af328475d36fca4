import type {
  Attachment,
  ChunkUse,
  OutputStream,
  ProcessEvent,
  ProcessOwner,
  ReadResult,
  StopOptions,
  Survivor,
  TerminalSize,
  WriteStatus,
} from '../process/types';
import type { StreamSnapshot } from '../process/outputEnds';
import type { EnvPolicy } from '../process/envPolicy';

/** What to start on this host, for whom. */
export interface HostParams {
  /** Chosen by the caller; unique among the processes of one owner. */
  readonly processId: string;
  readonly argv: readonly string[];
  /** Absolute native path. */
  readonly cwd: string;
  /** Its bytes where they are not UTF-8, on Linux. */
  readonly cwdBytes?: Buffer | undefined;
  /** The whole environment, or with `envPolicy` what is laid over its result. */
  readonly env: Readonly<Record<string, string>>;
  readonly envPolicy?: EnvPolicy | undefined;
  /** Names to leave out of what `envPolicy` starts from. */
  readonly unset?: readonly string[] | undefined;
  readonly tty: boolean;
  readonly pipeStdin: boolean;
  readonly arg0?: string | undefined;
  readonly size?: TerminalSize | undefined;
  readonly owner: ProcessOwner;
}

/** A process of this host as the server sees it: with lossless readers, snapshots and the whole stop ladder. */
export interface HostProcess {
  readonly processId: string;
  /** Retained output after `afterSeq`, waiting up to `waitMs` for news. See PROTOCOL chapter 7. */
  read(options?: {
    afterSeq?: number;
    maxBytes?: number;
    waitMs?: number;
    signal?: AbortSignal;
  }): Promise<ReadResult>;
  /** The beginning and the end of one stream, whatever is retained for `read`. */
  snapshot(stream: OutputStream): StreamSnapshot;
  /** Queues bytes for stdin; resolves when the child's pipe took them. A known `writeId` writes nothing. */
  write(chunk: Uint8Array, writeId?: string): Promise<WriteStatus>;
  /** Ends stdin after what is queued. */
  closeStdin(): Promise<WriteStatus>;
  /** SIGINT to the whole process group; nothing after the exit. */
  interrupt(): void;
  /** Every stop is this one ladder; resolves with what outlived it. */
  stop(options: StopOptions): Promise<Survivor[]>;
  /** Throws a RangeError for a size out of bounds and an Error where there is no terminal. */
  resize(size: TerminalSize): void;
  /** Calls `listener` whenever there may be news for a reader; returns the way to stop. */
  subscribeWake(listener: () => void): () => void;
  /** Every event after `afterSeq`, retained ones first, in order, none lost while attached. */
  attach(listener: (event: ProcessEvent) => void, afterSeq?: number, use?: ChunkUse): Attachment;
}

/** Starts processes on this host for the clients of the server. */
export interface HostBackend {
  /** Rejects with a SpawnError when the program cannot be run. */
  start(params: HostParams): Promise<HostProcess>;
}
