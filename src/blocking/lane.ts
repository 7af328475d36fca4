import { dirname, resolve } from 'node:path';
import { diskOf } from './mounts';
import { PatientSlots } from './patientSlots';
import { Threads, UNKNOWN_DISK, type LazyCall, type ThreadLimits } from './threads';
import type { FoundLink } from './treeCalls';

/** An absolute path that a call needs. */
export interface DiskTarget {
  /** With one character for each byte. */
  readonly path: string;
  /** Whether a link at the end of the path is followed. */
  readonly follows: boolean;
}

/** One call that may not return for long, since a disk may be far away, asleep or gone. */
export interface BlockingCall extends LazyCall {
  readonly places: readonly DiskTarget[];
  /** Makes the call in the pool of the process; it must not take more than one thread of that. */
  readonly inPool: (() => Promise<unknown>) | undefined;
}

export interface LaneLimits extends ThreadLimits {
  /** Calls in the pool of the process, which has four threads for everybody in it. */
  readonly pool: number;
  /** Milliseconds for which others wait for calls, before it matters which disk each of them needs. */
  readonly patienceMs: number;
}

/** Links that one path may lead over; Linux follows no more either. */
const MAX_LINKS = 40;

/**
 * Keeps disks that do not answer from stopping the rest of the process: a few calls at a time run in its pool, as ever,
 * and those that only threads know in a few threads. If these do not come back, the next ones get threads by the disk
 * that they need.
 */
export class Lane {
  private readonly threads: Threads;
  private readonly pool: PatientSlots;
  private readonly unsorted: PatientSlots;

  constructor({ pool, patienceMs, ...limits }: LaneLimits) {
    this.threads = new Threads(limits);
    this.pool = new PatientSlots(pool, patienceMs);
    this.unsorted = new PatientSlots(limits.perDisk, patienceMs);
  }

  /** Whether a call is under way. */
  get isBusy(): boolean {
    return this.pool.isBusy || this.threads.isBusy;
  }

  /** Makes the call and settles as it does. Rejects with a SilentDiskError if its disk holds up too many already. */
  run(call: BlockingCall): Promise<unknown> {
    const byDisk = () => this.runByDisk(call);
    if (call.inPool) return this.pool.run(call.inPool, byDisk);
    return this.unsorted.run(() => this.threads.run(call, UNKNOWN_DISK), byDisk);
  }

  private async runByDisk(call: BlockingCall): Promise<unknown> {
    const disks = new Set<string>();
    for (const place of call.places) disks.add(diskOf(await this.withoutLinks(place)));
    // Always in the same order, so that no two wait for each other.
    const [last = '/', ...others] = [...disks].sort().reverse();
    const releases: (() => void)[] = [];
    try {
      for (const disk of others.reverse()) releases.push(await this.threads.reserve(disk));
      return await this.threads.run(call, last);
    } finally {
      for (const release of releases) release();
    }
  }

  /** Resolves links step by step, each with a call of its own, so that a silent disk on the way is known by its name. */
  private async withoutLinks({ path, follows }: DiskTarget): Promise<string> {
    let found = path;
    for (let links = 0; links < MAX_LINKS; links += 1) {
      const next = await this.followFirst(found, follows);
      if (next === undefined) break;
      found = next;
    }
    return found;
  }

  /** The path with its first link replaced by where that leads; undefined if there is none. */
  private async followFirst(path: string, follows: boolean): Promise<string | undefined> {
    const steps = ancestors(follows ? path : dirname(path));
    while (steps.length > 0) {
      const disk = diskOf(steps[0] ?? path);
      const end = steps.findIndex((step) => diskOf(step) !== disk);
      const here = steps.splice(0, end === -1 ? steps.length : end);
      const paths = here.map((step) => Buffer.from(step, 'latin1'));
      const found = (await this.threads.run({ name: 'firstLink', args: () => [paths] }, disk)) as FoundLink;
      const link = here[found.index];
      if (link === undefined || !found.target) continue;
      const target = Buffer.from(found.target).toString('latin1');
      return resolve(dirname(link), target) + path.slice(link.length);
    }
    return undefined;
  }
}

/** The path and everything above it except the root, from the top. */
function ancestors(path: string): string[] {
  const found: string[] = [];
  for (let at = path; dirname(at) !== at; at = dirname(at)) found.push(at);
  return found.reverse();
}
