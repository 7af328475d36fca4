import type { OutputStream, ProcessEvent } from '../../../environment';
import { BodyStore, Holding, type MemoryBudget } from '../../../http';
import type { ProcessEntry } from '../../sessions/processEntry';
import { CappedStream, type Kept } from './cappedStream';
import type { Notifier } from './notifier';
import { MAX_TIMER_MS } from '../../../values';

/** How long the streams may stay open after the exit, in ms. */
const DRAIN_MS = 2000;
const TIMEOUT_EXIT_CODE = 124;

export interface ReportOptions {
  readonly tty: boolean;
  /** Deltas as they come, instead of all text at the end. */
  readonly streams: boolean;
  /** For each stream; Infinity for none. */
  readonly capBytes: number;
  /** Undefined for no limit. */
  readonly timeoutMs: number | undefined;
  /** Pays for text until the end has been told; where it has no room, that is the cap. */
  readonly memory: MemoryBudget;
}

/** What a client is told about one process: its output up to the cap, and its exit as the last of all. */
export class ProcessReport {
  private readonly stdout: CappedStream;
  private readonly stderr: CappedStream;
  private readonly timeLimit: NodeJS.Timeout | undefined;
  private drainLimit: NodeJS.Timeout | undefined;
  private readonly stores: BodyStore[] = [];
  private readonly held: Holding;
  private timedOut = false;
  private exitCode: number | undefined;
  private done = false;
  private isDisposed = false;

  /** @param finished called after the exit was reported */
  constructor(
    private readonly entry: ProcessEntry,
    private readonly notifier: Notifier,
    private readonly options: ReportOptions,
    private readonly finished: (report: ProcessReport) => void,
  ) {
    const { capBytes, timeoutMs, memory } = options;
    this.held = new Holding(memory);
    this.stdout = new CappedStream(capBytes, this.place());
    this.stderr = new CappedStream(capBytes, this.place());
    if (timeoutMs === undefined) return;
    this.timeLimit = setTimeout(() => this.onTimeout(), Math.min(timeoutMs, MAX_TIMER_MS)).unref();
  }

  on(event: ProcessEvent): void {
    if (this.done) return;
    if (event.type === 'output') this.onOutput(event.stream, event.chunk);
    else if (event.type === 'exited') this.onExit(event.exitCode);
    else this.finish(false);
  }

  /** Nothing more is told, and nothing kept. */
  dispose(): void {
    this.stopWaiting();
    for (const store of this.stores) store[Symbol.dispose]();
    this.held[Symbol.dispose]();
    this.isDisposed = true;
  }

  private stopWaiting(): void {
    this.done = true;
    clearTimeout(this.timeLimit);
    clearTimeout(this.drainLimit);
  }

  /** For a stream whose text is told at the end. */
  private place(): Kept | undefined {
    const { streams, capBytes } = this.options;
    if (streams) return undefined;
    const store = new BodyStore(capBytes);
    this.stores.push(store);
    return { store, add: (bytes) => this.held.add(bytes) };
  }

  private onTimeout(): void {
    if (this.exitCode !== undefined) return;
    this.timedOut = true;
    void this.entry.stop({ from: 'kill', by: 'client' });
  }

  private onOutput(from: OutputStream, chunk: Buffer): void {
    const stream = from === 'stderr' ? 'stderr' : 'stdout';
    const part = this[stream].take(chunk);
    if (!part) return;
    const { capReached } = this[stream];
    if (this.options.streams) this.notifier.delta(this.entry.id, { stream, chunk: part, capReached });
    if (this.exitCode !== undefined && this.isFull()) this.finish(false);
  }

  private onExit(exitCode: number): void {
    clearTimeout(this.timeLimit);
    this.exitCode = this.timedOut ? TIMEOUT_EXIT_CODE : exitCode;
    if (this.isFull()) this.finish(false);
    else this.drainLimit = setTimeout(() => this.finish(true), DRAIN_MS).unref();
  }

  /** No stream has anything more to tell. */
  private isFull(): boolean {
    return this.stdout.capReached && (this.options.tty || this.stderr.capReached);
  }

  private finish(outputDrainTimedOut: boolean): void {
    this.stopWaiting();
    // Else the texts of many processes that end at once would all be in memory twice and more.
    this.notifier.whenRoom(() => {
      if (!this.isDisposed) this.tellEnd(outputDrainTimedOut);
    });
  }

  private tellEnd(outputDrainTimedOut: boolean): void {
    const { stdout, stderr } = this;
    this.notifier.exited({
      processHandle: this.entry.id,
      exitCode: this.exitCode ?? -1,
      outputDrainTimedOut,
      stdout: stdout.text(),
      stdoutCapReached: stdout.capReached,
      stderr: stderr.text(),
      stderrCapReached: stderr.capReached,
    });
    this.dispose();
    this.finished(this);
  }
}
