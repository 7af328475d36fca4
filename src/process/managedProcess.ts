import { holdWhilePaused } from './attachment';
import { exitCodeOf, UNKNOWN_EXIT_CODE, type Child, type ChildExit, type ForeignChild } from './child';
import type { Family } from './family';
import type { OutputLog } from './outputLog';
import type { StreamSnapshot } from './outputEnds';
import { familyOf } from './processTree';
import { Stdin } from './stdin';
import { climb } from './stopLadder';
import { checkSize } from './terminalSize';
import type {
  Attachment,
  ChunkUse,
  OutputStream,
  ProcessEvent,
  ProcessIdentity,
  ProcessOwner,
  ProcessState,
  ReadResult,
  Rung,
  SpawnSpec,
  StopOptions,
  Survivor,
  TerminalSize,
  WriteStatus,
} from './types';
import { waitForNews } from './waitForNews';

/** One process of the table: its streams, its output log, and the ways to write to it and to stop it. */
export class ManagedProcess {
  readonly key: string;
  readonly processId: string;
  readonly owner: ProcessOwner;
  /** Null for a process that runs elsewhere. */
  readonly pid: number | null;
  /** Where it runs, null for this machine. */
  readonly place: string | null;
  /** Milliseconds since 1970. */
  readonly startedAt = Date.now();
  readonly #stdin: Stdin;
  /** Undefined once it has closed: its streams and handles are not to be kept as long as the row is. */
  #child: Child | ForeignChild | undefined;
  readonly #family: Family;
  readonly #paused = new Set<object>();
  #endedAt: number | null = null;
  #state: ProcessState = 'running';
  #exitSignal: number | null = null;
  #problem: string | null = null;
  #stoppedBy: StopOptions['by'] | null = null;
  #survivors: readonly Survivor[] = [];
  #leftovers = false;
  /** Set as soon as the exit is known, a moment before it is in the log. */
  #exit: ChildExit | undefined;
  #drained = false;
  #killed = false;

  /**
   * Takes over a child that was started just now, here or elsewhere.
   *
   * @param onChange called after each change of the state, `closed`, `stoppedBy` or `survivors`
   */
  constructor(
    identity: ProcessIdentity,
    readonly spec: SpawnSpec,
    child: Child | ForeignChild,
    private readonly log: OutputLog,
    private readonly onChange: (process: ManagedProcess) => void,
  ) {
    this.key = identity.key;
    this.processId = identity.processId;
    this.owner = identity.owner;
    this.pid = child.pid;
    this.#child = child;
    this.#stdin = new Stdin(child.stdin);
    this.place = child.pid === null ? child.place : null;
    this.#family = child.pid === null ? child.family : familyOf(child.pid, spec, () => !this.#exit);
    child.begin({
      output: (stream, chunk) => this.log.appendOutput(stream, chunk),
      dropped: (seq, bytes) => this.log.appendDropped(seq, bytes),
      exited: (exit) => this.#onExit(exit),
      drained: () => this.#onDrained(),
    });
  }

  /** Milliseconds since 1970, null while it runs. */
  get endedAt(): number | null {
    return this.#endedAt;
  }

  /** `killed`: it ended after a stop that may go beyond an interrupt. */
  get state(): ProcessState {
    return this.#state;
  }

  /** 0…255, 128+N after signal N, -1 if unknown, null while it runs. */
  get exitCode(): number | null {
    return this.log.exitCode;
  }

  /** The number of the signal that ended it, if one did. */
  get exitSignal(): number | null {
    return this.#exitSignal;
  }

  /** Why it is lost, in words for a person, if that is known. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Who asked first for its stop while it ran. */
  get stoppedBy(): StopOptions['by'] | null {
    return this.#stoppedBy;
  }

  /** All output ever, in bytes. */
  get totalBytes(): number {
    return this.log.totalBytes;
  }

  /** Output that is not retained any more, in bytes. */
  get droppedBytes(): number {
    return this.log.droppedBytes;
  }

  /** Whether a write has a chance. */
  get stdinOpen(): boolean {
    return this.#stdin.open;
  }

  /** Ended, and all its streams as well: nothing changes any more. */
  get closed(): boolean {
    return this.log.closed;
  }

  /** What outlived the last stop. */
  get survivors(): readonly Survivor[] {
    return this.#survivors;
  }

  /**
   * Retained output after `afterSeq`, waiting up to `waitMs` for news (PROTOCOL chapter 7). Rejects with the
   * signal's reason when that is aborted.
   */
  async read(
    options: { afterSeq?: number; maxBytes?: number; waitMs?: number; signal?: AbortSignal } = {},
  ): Promise<ReadResult> {
    const { afterSeq = 0, maxBytes, waitMs = 0, signal } = options;
    await waitForNews(this.log, afterSeq, waitMs, signal);
    return this.log.read(afterSeq, maxBytes);
  }

  /** The beginning and the end of one stream, whatever is retained for `read`. */
  snapshot(stream: OutputStream): StreamSnapshot {
    return this.log.snapshot(stream);
  }

  /** Resolves when the child's pipe took all of it; `stdinClosed` without a stdin and after the exit. */
  write(chunk: Uint8Array, writeId?: string): Promise<WriteStatus> {
    return this.#stdin.write(chunk, writeId);
  }

  /** Ends stdin after what is queued; types Ctrl-D into a terminal. */
  closeStdin(): Promise<WriteStatus> {
    return this.#stdin.closeStdin(this.spec.tty);
  }

  /** SIGINT to the process group, in a terminal also to the group in the foreground; nothing after the exit. */
  interrupt(): void {
    if (this.#exit) return;
    // Windows has no signals; in a terminal the key does the same.
    if (process.platform === 'win32' && this.spec.tty && this.pid !== null)
      void this.write(Buffer.from('\x03'));
    this.#family.signal('interrupt');
  }

  /**
   * Climbs the stop ladder; the first rung's signals are sent before this returns. Resolves with what is
   * left. When the process has exited and only its descendants hold the streams, a person and a shutdown
   * stop those; a client stops nothing then, as clients expect (PROTOCOL chapter 9).
   */
  async stop(options: StopOptions): Promise<Survivor[]> {
    if (this.closed || (this.#exit && options.by === 'client')) return [];
    if (!this.#exit && options.to !== 'interrupt') {
      this.#stoppedBy ??= options.by;
      this.onChange(this);
    }
    const target = {
      family: this.#family,
      exited: (): boolean => this.#exit !== undefined,
      reached: (rung: Rung): void => this.#reached(rung),
    };
    const survivors = await climb(target, options);
    this.#survivors = survivors;
    this.onChange(this);
    return survivors;
  }

  /** Throws a RangeError for a size out of bounds and an Error where there is no terminal. */
  resize(size: TerminalSize): void {
    checkSize(size);
    if (!this.spec.tty) throw new Error('The process has no terminal: it was started with tty: false.');
    if (!this.#exit) this.#child?.resize?.(size);
  }

  /** Whether `resize` has an effect: not after the end, and not where another host knows no such request. */
  get resizable(): boolean {
    return this.#child?.resize !== undefined;
  }

  /** Calls `listener` after every event; returns the way to stop. */
  subscribeWake(listener: () => void): () => void {
    return this.log.onWake(listener);
  }

  /**
   * Every event after `afterSeq`: first, before this returns, the retained ones, then each as it happens.
   *
   * @param use `lent` where the listener is done with a chunk when it returns
   */
  attach(listener: (event: ProcessEvent) => void, afterSeq = 0, use?: ChunkUse): Attachment {
    return holdWhilePaused(this.log.attach(listener, afterSeq, use), this.#paused, () => this.#child);
  }

  /** SIGKILL for the whole family, in this turn: for the last moment of the host. */
  killNow(): void {
    if (this.closed) return;
    this.#family.gather('quick');
    this.#family.signal('kill');
  }

  /** It, and all that came of it. */
  get family(): Family {
    return this.#family;
  }

  /** After `closed`: what is left of its process group, undefined if that was empty. */
  get leftovers(): Family | undefined {
    return this.#leftovers ? this.#family : undefined;
  }

  #reached(rung: Rung): void {
    if (rung !== 'kill') return;
    this.#killed = true;
    // What escaped and still holds the streams must not keep them open.
    if (this.#exit) setImmediate(() => this.#child?.cut());
  }

  #onExit(exit: ChildExit): void {
    this.#exit = exit;
    this.#stdin.destroy();
    if (this.#killed) this.#child?.cut();
    // Output that was written before the exit and is there already comes before it in the log; what comes from
    // elsewhere is in its order already.
    if (this.#drained || this.pid === null) this.#finish(exit);
    else setImmediate(() => this.#finish(exit));
  }

  #onDrained(): void {
    this.#drained = true;
    if (this.#exit) this.#finish(this.#exit);
  }

  #finish(exit: ChildExit): void {
    if (this.log.closed) return;
    if (!this.log.exited) {
      this.#endedAt = Date.now();
      this.#exitSignal = exit.signal;
      this.#problem = exit.problem ?? null;
      const exitCode = exitCodeOf(exit);
      if (exitCode === UNKNOWN_EXIT_CODE) this.#state = 'lost';
      else this.#state = this.#stoppedBy ? 'killed' : 'exited';
      this.log.appendExited(exitCode);
    }
    if (this.#drained) {
      this.#leftovers = this.#family.groupLives();
      this.#paused.clear();
      this.#child = undefined;
      this.log.appendClosed();
    }
    this.onChange(this);
  }
}
