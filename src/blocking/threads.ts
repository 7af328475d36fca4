import { SilentDiskError } from './silentDiskError';
import { Thread } from './thread';
import type { ThreadCall } from './threadMain';

export interface ThreadLimits {
  /** Threads in all. */
  readonly threads: number;
  /** Threads that one disk may hold. */
  readonly perDisk: number;
  /** Milliseconds after which a disk that has answered none of its calls counts as silent. */
  readonly silentMs: number;
}

/** A call whose arguments are copied for the thread, and so not before there is one. */
export interface LazyCall {
  readonly name: string;
  readonly args: () => ThreadCall['args'];
}

/** Stands for the disk of calls of which nobody has looked which one they need. */
export const UNKNOWN_DISK = '';

interface Waiting {
  /** Undefined where only the disk is to be reserved. */
  readonly call: LazyCall | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The calls that need one disk. */
interface Queue {
  readonly waiting: Waiting[];
  /** When the calls under way were begun, by `performance.now()`; an object each, because they can be equal. */
  readonly running: Set<{ readonly since: number }>;
}

/** Threads for calls that may not return for long: few for each disk, so that a silent one leaves some to the others. */
export class Threads {
  private readonly all = new Set<Thread>();
  private readonly disks = new Map<string, Queue>();
  private isStarting = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly limits: ThreadLimits) {}

  /** Whether a call is under way. */
  get isBusy(): boolean {
    return [...this.disks.values()].some(({ running }) => running.size > 0);
  }

  /** Runs the call when the disk has a thread for it. Rejects with a SilentDiskError if there will be none. */
  run(call: LazyCall, disk: string): Promise<unknown> {
    return this.enqueue(call, disk);
  }

  /** Counts as a call of that disk until it is released, for one that needs another disk as well. Rejects as above. */
  reserve(disk: string): Promise<() => void> {
    return this.enqueue(undefined, disk) as Promise<() => void>;
  }

  private enqueue(call: LazyCall | undefined, disk: string): Promise<unknown> {
    const queue = this.disks.get(disk) ?? { waiting: [], running: new Set() };
    this.disks.set(disk, queue);
    return new Promise((resolve, reject) => {
      queue.waiting.push({ call, resolve, reject });
      this.pump();
    });
  }

  /** Begins what can be begun, and refuses what waits for those that are silent. */
  private pump(): void {
    let needsThread = false;
    for (const [disk, queue] of this.disks) {
      while (queue.waiting.length > 0 && queue.running.size < this.limits.perDisk) {
        if (!this.begin(queue)) {
          needsThread = true;
          break;
        }
      }
      if (queue.waiting.length + queue.running.size === 0) this.disks.delete(disk);
    }
    // One after the other: a thread that starts costs more than most of the calls that wait for it.
    if (needsThread && !this.isStarting && this.all.size < this.limits.threads) this.startThread();
    this.refuseSilent();
  }

  private idleThread(): Thread | undefined {
    for (const thread of this.all) if (thread.isIdle) return thread;
    return undefined;
  }

  private startThread(): void {
    let thread: Thread;
    try {
      thread = new Thread();
    } catch (error) {
      this.cannotStart(error);
      return;
    }
    this.isStarting = true;
    this.all.add(thread);
    thread.once('ready', () => {
      this.isStarting = false;
      this.pump();
    });
    thread.once('end', (error) => {
      this.all.delete(thread);
      if (error) this.cannotStart(error);
      else this.pump();
    });
  }

  /** Those that wait go on waiting for the threads that there are. */
  private cannotStart(error: unknown): void {
    this.isStarting = false;
    if (this.all.size > 0) return;
    for (const { waiting } of this.disks.values()) for (const { reject } of waiting.splice(0)) reject(error);
  }

  /** Begins the first that waits; false if that needs a thread and there is none. */
  private begin(queue: Queue): boolean {
    const [next] = queue.waiting;
    const thread = this.idleThread();
    if (!next || (next.call && !thread)) return false;
    queue.waiting.shift();
    const mark = { since: performance.now() };
    queue.running.add(mark);
    const end = () => {
      queue.running.delete(mark);
      this.pump();
    };
    if (next.call && thread) {
      const { name, args } = next.call;
      void thread.run({ name, args: args() }).then(next.resolve, next.reject).finally(end);
    } else {
      next.resolve(end);
    }
    return true;
  }

  private refuseSilent(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    let next = Infinity;
    for (const [disk, queue] of this.disks) {
      if (queue.waiting.length === 0) continue;
      const left = this.msUntilSilent(queue);
      if (left > 0) next = Math.min(next, left);
      else for (const { reject } of queue.waiting.splice(0)) reject(this.refusal(disk, queue));
    }
    if (next < Infinity) this.timer = setTimeout(() => this.refuseSilent(), Math.ceil(next));
  }

  /** Milliseconds until nothing of what holds up this queue has answered for too long; Infinity if threads can start. */
  private msUntilSilent(queue: Queue): number {
    const { threads, perDisk, silentMs } = this.limits;
    const isFull = queue.running.size >= perDisk;
    if (!isFull && (this.isStarting || this.all.size < threads)) return Infinity;
    const marks = isFull
      ? [...queue.running]
      : [...this.disks.values()].flatMap(({ running }) => [...running]);
    return Math.max(...marks.map(({ since }) => since)) + silentMs - performance.now();
  }

  private refusal(disk: string, queue: Queue): SilentDiskError {
    const { perDisk, silentMs } = this.limits;
    const isFull = queue.running.size >= perDisk;
    const named = isFull ? [disk] : [...this.disks.keys()].filter((name) => name !== UNKNOWN_DISK);
    return new SilentDiskError(named, isFull ? perDisk : this.all.size, silentMs);
  }
}
