import { holdWhileBehind, holdWhilePaused } from './subscription';
import { audienceOf, type Audience, type Viewer, type ViewerEvents } from './viewing/audience';
import { wasDenied } from './sandbox/denial';
import { isForeign, type AnyChild, type ChildExit } from './child';
import { NoTerminalError } from './errors';
import type { Writer } from './input/stdin';
import type { ProcessTree } from './stop/processTree';
import { Outcome } from './outcome';
import type { OutputLog } from './output/outputLog';
import { treeOf } from './stop/treeOf';
import { SizeHistory } from './sizeHistory';
import { Stops } from './stop/stops';
import { checkSize } from './terminalSize';
import { TypedProcess } from './typedProcess';
import { DEFAULT_SIZE } from './types';
import type {
  Subscription,
  ChunkUse,
  ProcessEvent,
  ProcessIdentity,
  ProcessState,
  SpawnSpec,
  StopOptions,
  StopReport,
  Survivor,
  TerminalSize,
} from './types';

/** Who is told of what happens to a process. */
export interface ProcessListener {
  changed(process: ManagedProcess): void;
  /** Its child has taken so many bytes that somebody typed. */
  typed(process: ManagedProcess, by: Writer, bytes: number): void;
}

/** One process of the table: its streams, its output log, and the ways to write to it and to stop it. */
export class ManagedProcess extends TypedProcess {
  /** The sizes that its terminal has had. */
  readonly sizes: SizeHistory;
  #spec: SpawnSpec;
  /** Undefined once it has closed: its streams and handles are not to be kept as long as the row is. */
  #child: AnyChild | undefined;
  readonly #tree: ProcessTree;
  /** Those who look at its terminal; undefined without one. */
  readonly #audience: Audience | undefined;
  /** Its events are in their order already. */
  readonly #isForeign: boolean;
  readonly #paused = new Set<object>();
  readonly #outcome = new Outcome();
  readonly #stops: Stops;
  #lingering = false;
  /** Set as soon as the exit is known, a moment before it is in the log. */
  #exit: ChildExit | undefined;
  #streamsEnded = false;
  #denied: boolean | undefined;

  /**
   * Takes over a child that was started just now, here or elsewhere.
   *
   * @param listener its `changed` is called after each change of the state, `closed`, `waiting`, `stopReport`, or who has the keyboard
   */
  constructor(
    identity: ProcessIdentity,
    spec: SpawnSpec,
    child: AnyChild,
    log: OutputLog,
    private readonly listener: ProcessListener,
  ) {
    const typed = (by: Writer, bytes: number): void => this.listener.typed(this, by, bytes);
    super(identity, spec.tty, child, log, () => this.listener.changed(this), typed);
    this.#spec = spec;
    this.#child = child;
    this.sizes = new SizeHistory(spec.size ?? DEFAULT_SIZE);
    for (const { afterSeq, size } of this.kept?.sizes ?? []) this.sizes.add(afterSeq, size);
    holdWhileBehind(log, this.#paused, () => this.#child);
    this.#isForeign = isForeign(child);
    this.#tree = isForeign(child) ? child.tree : treeOf(child, spec, () => !this.#exit);
    this.#stops = new Stops({
      tree: this.#tree,
      shown: this.shown,
      closed: () => this.closed,
      // Not before everybody can see it.
      exited: () => this.log.exited,
      // What escaped and still holds the streams must not keep them open.
      killing: () => this.#exit && setImmediate(() => this.#child?.closeStreams()),
      changed: () => this.listener.changed(this),
    });
    this.#audience = audienceOf(spec, !isForeign(child), {
      resize: (size) => {
        if (this.#exit) return undefined;
        if (this.resizable) this.sizes.add(this.log.nextSeq - 1, size);
        return this.#child?.resize?.(size);
      },
      type: (answer) => this.keyboard.reply(Buffer.from(answer)),
      output: (chunk) => this.log.appendOutput('pty', chunk),
    });
    child.begin({
      output: (stream, chunk) => {
        if (this.#audience) this.#audience.take(chunk);
        else this.log.appendOutput(stream, chunk);
      },
      dropped: (seq, bytes) => this.log.appendDropped(seq, bytes),
      exited: (exit) => this.#onExit(exit),
      streamsEnded: () => this.#onStreamsEnded(),
      lost: (problem) => this.#onLost(problem),
      waiting: (waiting) => this.watch?.tell(waiting),
    });
    if (!this.#exit) this.watchFor(child);
  }

  /** What it was started with; without the environment once it has closed. */
  get spec(): SpawnSpec {
    return this.#spec;
  }

  /** Milliseconds since 1970, null while it runs. */
  get endedAt(): number | null {
    return this.#outcome.endedAt;
  }

  /** `killed`: it ended after a stop that may go beyond an interrupt. */
  get state(): ProcessState {
    return this.#outcome.state;
  }

  /** 0…255, 128+N after signal N, -1 if unknown, null while it runs and if it never ran. */
  get exitCode(): number | null {
    return this.noStart ? null : this.log.exitCode;
  }

  /** The number of the signal that ended it, if one did. */
  get exitSignal(): number | null {
    return this.#outcome.exitSignal;
  }

  /** Why its end, or the rest of its output, is not known, in words for a person. */
  get problem(): string | null {
    return this.#outcome.problem;
  }

  /** Who asked first for its stop while it ran. */
  get stoppedBy(): StopOptions['by'] | null {
    return this.#stops.by ?? this.#exit?.told?.by ?? null;
  }

  /** How far the last stop has come that was to end it; null without one. */
  get stopReport(): StopReport | null {
    return this.#stops.report;
  }

  /** It has failed, and what it wrote says that the sandbox was why. */
  get sandboxDenied(): boolean {
    const { confinement, exitCode } = this;
    if (this.kept) return this.#exit?.told?.denied === true;
    if (!confinement || exitCode === null) return false;
    return (this.#denied ??= wasDenied(confinement, exitCode, this.spec, this.log));
  }

  /**
   * SIGINT to the process group, in a terminal also to the group in the foreground; nothing after the exit. A local
   * one is sent before this returns. A rejection, which only another host can cause, need not be looked at.
   */
  interrupt(): Promise<void> {
    const child = this.#child;
    if (this.#exit || !child) return Promise.resolve();
    if (isForeign(child)) return unheeded(child.interrupt());
    // Windows has no signals; in a terminal the key does the same.
    if (process.platform === 'win32' && this.spec.tty) void this.keyboard.reply(Buffer.from('\x03'));
    this.#tree.signal('interrupt');
    return Promise.resolve();
  }

  /** Whether signals can be sent to it: not where the system has none, and not where another host knows no such request. */
  get takesSignals(): boolean {
    return this.#tree.send !== undefined;
  }

  /**
   * Sends a signal that stops nothing for good, to one process of the tree or to all; false if nobody got it. A local
   * one is sent before this returns. Rejects only where another host was asked, with its words.
   */
  async sendSignal(signal: NodeJS.Signals, pid?: number): Promise<boolean> {
    return (await this.#tree.send?.(signal, pid)) ?? false;
  }

  /**
   * Climbs the stop ladder; the first rung's signals are sent before this returns. Resolves with what is left. When
   * the process has exited and only its descendants hold the streams, a person and a shutdown stop those.
   */
  stop(options: StopOptions): Promise<Survivor[]> {
    return this.#stops.stop(options);
  }

  /** Once more SIGKILL for what outlived the last stop, also after `closed`. Resolves with what is left. */
  stopSurvivors(by: StopOptions['by']): Promise<Survivor[]> {
    return this.#stops.climb({ from: 'kill', by });
  }

  /**
   * Gives the terminal another size; nothing after the exit, and later where a person types who looks at it. A
   * rejection is as that of `interrupt`.
   *
   * @throws RangeError for a size out of bounds
   * @throws NoTerminalError where there is no terminal
   */
  resize(size: TerminalSize): Promise<void> {
    checkSize(size);
    if (!this.#audience) throw new NoTerminalError();
    return unheeded(this.#audience.resize(size));
  }

  /** Somebody's screen, for as long as it shows the process; undefined where that has no terminal. */
  view(events: ViewerEvents): Viewer | undefined {
    return this.#audience?.view(events);
  }

  /** Whether `resize` has an effect: not after the end, and not where another host knows no such request. */
  get resizable(): boolean {
    const child = this.#child;
    return child && isForeign(child) ? child.resizable : child?.resize !== undefined;
  }

  /**
   * Every event after `afterSeq`: first, before this returns, those in memory, then each as it happens.
   *
   * @param use `lent` where the listener is done with a chunk when it returns
   */
  subscribe(listener: (event: ProcessEvent) => void, afterSeq = 0, use?: ChunkUse): Subscription {
    return holdWhilePaused(this.log.subscribe(listener, afterSeq, use), this.#paused, () => this.#child);
  }

  /** SIGKILL for the whole tree, in this turn: for the last moment of the host. */
  killNow(): void {
    if (!this.closed && !this.shown) this.#tree.signal('kill');
  }

  /** It, and all that came of it. */
  get tree(): ProcessTree {
    return this.#tree;
  }

  /** After `closed`: what may be left of its process group, undefined if that was empty. */
  get lingering(): ProcessTree | undefined {
    return this.#lingering ? this.#tree : undefined;
  }

  #onExit(exit: ChildExit): void {
    this.#exit = exit;
    this.watch?.end();
    this.#tree.leaderExited();
    this.confinement?.release();
    this.keyboard.destroy();
    if (this.#stops.killed) this.#child?.closeStreams();
    // Output that was written before the exit and is there already comes before it in the log; what comes from
    // elsewhere is in its order already.
    if (this.#streamsEnded || this.#isForeign) this.#finish(exit);
    else setImmediate(() => this.#finish(exit));
  }

  #onLost(problem: string): void {
    this.#outcome.lose(problem);
    this.#streamsEnded = true;
    this.#onExit(this.#exit ?? { code: null, signal: null });
  }

  #onStreamsEnded(): void {
    this.#streamsEnded = true;
    if (this.#exit) this.#finish(this.#exit);
  }

  #finish(exit: ChildExit): void {
    if (this.log.closed) return;
    if (this.#streamsEnded) this.#audience?.end();
    if (!this.log.exited) {
      this.log.appendExited(this.#outcome.settle(exit, !this.noStart, this.stoppedBy !== null));
    }
    if (this.#streamsEnded) {
      this.#stops.look();
      this.#lingering = !this.shown && this.#tree.groupAlive();
      this.#paused.clear();
      this.#child = undefined;
      // A row may be kept for long, and nobody asks for that any more.
      this.#spec = { ...this.#spec, env: {} };
      this.log.appendClosed();
    }
    this.listener.changed(this);
  }
}

/** Hands `work` on. If nobody looks at it, its rejection is not an unhandled one. */
function unheeded(work: Promise<void>): Promise<void> {
  work.catch(() => undefined);
  return work;
}
