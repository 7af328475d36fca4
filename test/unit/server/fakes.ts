import { setImmediate as turn } from 'node:timers/promises';
import { SpawnError } from '../../../src/environment';
import type {
  HostParams,
  ProcessEvent,
  ReadResult,
  StopOptions,
  StreamSnapshot,
  Survivor,
} from '../../../src/environment';
import type { ProcessTree, Subscription } from '../../../src/environment';
import type { Logger, ServerBackend } from '../../../src/server';
import type { HostProcess } from '../../../src/server/backend';
import type { NotificationSink } from '../../../src/server/sessions/notificationSink';

export { turn };

type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never;

/** A process whose events a test makes up. */
export class FakeProcess implements HostProcess {
  readonly sandboxType = undefined;
  readonly sandboxDenied = false;
  readonly pid = null;
  readonly tree = { alive: () => [] } as unknown as ProcessTree;
  readonly exitSignal = null;
  readonly hold = null;
  readonly events: ProcessEvent[] = [];
  readonly stops: StopOptions[] = [];
  readonly written: string[] = [];
  isPaused = false;
  isDisposed = false;
  private listener: ((event: ProcessEvent) => void) | undefined;

  constructor(readonly clientProcessId: string) {}

  emit(event: DistributiveOmit<ProcessEvent, 'seq'>): void {
    const full = { ...event, seq: this.events.length + 1 };
    this.events.push(full);
    this.listener?.(full);
  }
  output(text: string): void {
    this.emit({ type: 'output', stream: 'stdout', chunk: Buffer.from(text) });
  }
  exit(exitCode = 0): void {
    this.emit({ type: 'exited', exitCode });
    this.emit({ type: 'closed' });
  }
  subscribe(listener: (event: ProcessEvent) => void, afterSeq = 0): Subscription {
    for (const event of this.events) if (event.seq > afterSeq) listener(event);
    this.listener = listener;
    return {
      pause: () => (this.isPaused = true),
      resume: () => (this.isPaused = false),
      dispose: () => {
        this.isDisposed = true;
        this.listener = undefined;
      },
    };
  }
  stop(options: StopOptions): Promise<Survivor[]> {
    this.stops.push(options);
    return Promise.resolve([]);
  }
  write(chunk: Uint8Array): Promise<'accepted'> {
    this.written.push(Buffer.from(chunk).toString());
    return Promise.resolve('accepted');
  }
  read(): Promise<ReadResult> {
    const nextSeq = this.events.length + 1;
    return Promise.resolve({
      chunks: [],
      nextSeq,
      exited: false,
      exitCode: null,
      closed: false,
      droppedBytes: 0,
    });
  }
  snapshot(): StreamSnapshot {
    return { bytes: Buffer.alloc(0), gapAt: 0, omittedBytes: 0 };
  }
  closeStdin(): Promise<'accepted'> {
    return Promise.resolve('accepted');
  }
  readonly needsInput = null;
  readonly waiting = null;
  onWaiting(): () => void {
    return () => undefined;
  }
  interrupt(): void {}
  resize(): void {}
  subscribeWake(): () => void {
    return () => undefined;
  }
}

/** Starts fake processes, at once or when a test says so. */
export class FakeBackend implements ServerBackend {
  readonly processes: FakeProcess[] = [];
  readonly lingering: HostProcess[] = [];
  readonly params: HostParams[] = [];
  gate: Promise<void> = Promise.resolve();

  async start(params: HostParams): Promise<FakeProcess> {
    this.params.push(params);
    await this.gate;
    if (params.argv[0] === 'missing') throw new SpawnError('No such file');
    const process = new FakeProcess(params.processId);
    this.processes.push(process);
    return process;
  }
  killLingering(process: HostProcess): void {
    this.lingering.push(process);
  }
}

export class FakeSink implements NotificationSink {
  readonly sent: string[] = [];
  readonly allocate = (bytes: number): Buffer => Buffer.alloc(bytes);
  released = 0;
  alive = true;
  endedWith: string | undefined;
  send(message: string | Buffer): void {
    this.sent.push(message.toString());
  }
  throttle(): void {}
  whenRoom(then: () => void): void {
    then();
  }
  release(): void {
    this.released++;
  }
  isAlive(): Promise<boolean> {
    return Promise.resolve(this.alive);
  }
  end(reason: string): void {
    this.endedWith = reason;
  }
}

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** What a machine has that has not been looked at. */
export const SURROUNDINGS = { shell: { name: 'sh', path: '/bin/sh' }, tempDir: '/tmp' } as const;
