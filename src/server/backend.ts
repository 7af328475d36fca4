import type {
  ChunkUse,
  Hold,
  HostParams,
  NeededInput,
  NoStart,
  ProcessTree,
  OutputStream,
  ProcessEvent,
  ReadResult,
  StopOptions,
  StreamSnapshot,
  Subscription,
  Survivor,
  TerminalSize,
  Waiting,
  WriteStatus,
} from '../environment';

/** A process of this host as the server sees it: with lossless readers, snapshots and the whole stop ladder. */
export interface HostProcess {
  readonly clientProcessId: string;
  /** What enforces its sandbox; undefined without one. */
  readonly sandboxType: 'linuxSeccomp' | 'macosSeatbelt' | undefined;
  /** It has failed, and what it wrote says that the sandbox was why. */
  readonly sandboxDenied: boolean;
  /** Null for a process that runs elsewhere. */
  readonly pid: number | null;
  /** It, and all that came of it. */
  readonly tree: ProcessTree;
  /** The number of the signal that ended it, if one did. */
  readonly exitSignal: number | null;
  /** Retained output after `afterSeq`, waiting up to `waitMs` for news. See docs/protocol/read.md#waiting. */
  read(options?: {
    afterSeq?: number;
    maxBytes?: number;
    waitMs?: number;
    signal?: AbortSignal;
  }): Promise<ReadResult>;
  /** The beginning and the end of one stream, whatever is retained for `read`. */
  snapshot(stream: OutputStream): StreamSnapshot;
  /** Why what is written now waits for a person, though it is accepted; null if it does not. */
  readonly hold: Hold | null;
  /** Queues bytes for stdin; resolves when the child's pipe took them. A known `writeId` writes nothing. */
  write(chunk: Uint8Array, writeId?: string): Promise<WriteStatus>;
  /** Ends stdin after what is queued. */
  closeStdin(): Promise<WriteStatus>;
  /** SIGINT to the whole process group; nothing after the exit. */
  interrupt(): void;
  /** Every stop is this one ladder; resolves with what outlived it. */
  stop(options: StopOptions): Promise<Survivor[]>;
  /**
   * Gives the terminal another size.
   *
   * @throws RangeError for a size out of bounds and a NoTerminalError where there is no terminal
   */
  resize(size: TerminalSize): void;
  /** What somebody is to type for it to go on; null if nobody is needed, and once it has ended. */
  readonly needsInput: NeededInput | null;
  /** What the process waits for: input, a secret, or the next command at a prompt; null otherwise. */
  readonly waiting: Waiting | null;
  /** Calls `listener` after each change of `waiting`, until the process has ended; returns the way to stop. */
  onWaiting(listener: () => void): () => void;
  /** Calls `listener` whenever there may be news for a reader; returns the way to stop. */
  subscribeWake(listener: () => void): () => void;
  /** Every event after `afterSeq`, retained ones first, in order, none lost while subscribed. */
  subscribe(listener: (event: ProcessEvent) => void, afterSeq?: number, use?: ChunkUse): Subscription;
}

/** What the server needs to run the processes of its clients. */
export interface ServerBackend {
  /** Rejects with a SpawnError when the program cannot be run, with a SandboxRefusal when its sandbox cannot be enforced, with a LimitError when too many run. */
  start(params: HostParams): Promise<HostProcess>;
  /** Lists a start that was refused before it came here, so that people see it. */
  refused?(params: HostParams, noStart: NoStart): void;
  /**
   * Ends what lingers of a closed process's group when the wire forgets it (docs/protocol/read.md#retention); nothing
   * otherwise.
   */
  killLingering(process: HostProcess): void;
}
