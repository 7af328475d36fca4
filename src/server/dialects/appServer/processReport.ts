import type { OutputStream, ProcessEvent } from '../../../environment';
import type { ScopedProcess } from '../../scopedProcess';
import { CappedStream } from './cappedStream';
import type { Notifier } from './notifier';

/** How long the streams may stay open after the exit, in ms. */
const DRAIN_MS = 2000;
const TIMEOUT_EXIT_CODE = 124;
/** Longest wait of Node's timers; a longer time limit means this. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface ReportOptions {
  readonly tty: boolean;
  /** Deltas as they come, instead of all text at the end. */
  readonly streams: boolean;
  /** For each stream; Infinity for none. */
  readonly capBytes: number;
  /** Undefined for no limit. */
  readonly timeoutMs: number | undefined;
}

/** What a client is told about one process: its output up to the cap, and its exit as the last of all. */
export class ProcessReport {
  private readonly stdout: CappedStream;
  private readonly stderr: CappedStream;
  private readonly timeLimit: NodeJS.Timeout | undefined;
  private drainLimit: NodeJS.Timeout | undefined;
  private timedOut = false;
  private exitCode: number | undefined;
  private done = false;

  /** @param finished called after the exit was reported */
  constructor(
    private readonly entry: ScopedProcess,
    private readonly notifier: Notifier,
    private readonly options: ReportOptions,
    private readonly finished: (report: ProcessReport) => void,
  ) {
    const { capBytes, streams, timeoutMs } = options;
    this.stdout = new CappedStream(capBytes, !streams);
    this.stderr = new CappedStream(capBytes, !streams);
    if (timeoutMs === undefined) return;
    this.timeLimit = setTimeout(() => this.onTimeout(), Math.min(timeoutMs, MAX_TIMER_MS)).unref();
  }

  on(event: ProcessEvent): void {
    if (this.done) return;
    if (event.type === 'output') this.onOutput(event.stream, event.chunk);
    else if (event.type === 'exited') this.onExit(event.exitCode);
    else this.finish(false);
  }

  /** Nothing more is told. */
  dispose(): void {
    this.done = true;
    clearTimeout(this.timeLimit);
    clearTimeout(this.drainLimit);
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
    this.dispose();
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
    this.finished(this);
  }
}
