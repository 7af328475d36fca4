import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmdirSync,
  utimesSync,
} from 'node:fs';
import { isPlaceholder, PLACEHOLDER_TIME } from '../../sandbox';
import type { SandboxCalls } from '../native/sandboxCalls';
import { systemCode } from '../errors';

/** Somebody has made or removed something at the path since it was looked at. */
export class PlaceChanged extends Error {
  override readonly name = 'PlaceChanged';
}

/** Errors of a folder in which this user may make nothing, so a sandbox of theirs cannot either. */
const NOT_WRITABLE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);

interface Held {
  users: number;
  /** The folder, open and locked: other hosts of this machine see by it that it is in use. */
  readonly fd: number;
}

/** What one sandbox holds. */
export interface PlaceholderHold {
  readonly unmade: ReadonlySet<string>;
  /** Removes those that nobody needs any more. */
  readonly release: () => void;
}

/** Writes down what would stay should this process die: all of it, each time before some is made and after some is removed. */
export type NotePlaceholders = (paths: readonly string[]) => void;

/**
 * The empty folders that sandboxes need at names that must not come into being. Each is there as long as any sandbox of
 * any host on this machine holds it: the system counts them by a lock, so that a host that dies holds nothing. All in one
 * turn, for what happens between two of these calls would have to be looked at again; their disks have answered just now.
 */
export class Placeholders {
  readonly #held = new Map<string, Held>();

  constructor(
    private readonly calls: Pick<SandboxCalls, 'lockShared' | 'lockAlone'>,
    private readonly note: NotePlaceholders = () => undefined,
  ) {}

  /** @throws PlaceChanged, or the system's error */
  hold(paths: readonly string[]): PlaceholderHold {
    const held: string[] = [];
    const unmade = new Set<string>();
    const release = (): void => {
      const isLast = held.splice(0).filter((path) => this.#release(path)).length > 0;
      if (isLast) this.note([...this.#held.keys()]);
    };
    const fresh = paths.filter((path) => !this.#held.has(path));
    if (fresh.length > 0) this.note([...this.#held.keys(), ...fresh]);
    try {
      for (const path of paths) {
        if (this.#take(path)) held.push(path);
        else unmade.add(path);
      }
    } catch (error) {
      release();
      throw error;
    }
    return { unmade, release };
  }

  #take(path: string): boolean {
    const known = this.#held.get(path);
    if (known && isStill(path, known.fd)) {
      known.users++;
      return true;
    }
    // What this process holds under that name is no longer there: its users have lost it anyway.
    if (known) throw new PlaceChanged(path);
    try {
      make(path);
      this.#held.set(path, { users: 1, fd: this.#open(path) });
      return true;
    } catch (error) {
      if (NOT_WRITABLE.has(systemCode(error) ?? '')) return false;
      throw error;
    }
  }

  #open(path: string): number {
    const fd = openFolder(path);
    if (this.calls.lockShared(fd) && isStill(path, fd)) return fd;
    closeSync(fd);
    throw new PlaceChanged(path);
  }

  /** Whether it was the last. */
  #release(path: string): boolean {
    const held = this.#held.get(path);
    if (!held || --held.users > 0) return false;
    this.#held.delete(path);
    if (isStill(path, held.fd) && this.calls.lockAlone(held.fd)) removeEmpty(path);
    closeSync(held.fd);
    return true;
  }
}

/** Removes what a host that has died left at a path, unless it is in use or no placeholder. */
export function sweepPlaceholder(path: string, calls: Pick<SandboxCalls, 'lockAlone'>): void {
  let fd: number;
  try {
    fd = openFolder(path);
  } catch {
    return;
  }
  if (isStill(path, fd) && calls.lockAlone(fd)) removeEmpty(path);
  closeSync(fd);
}

function make(path: string): void {
  try {
    mkdirSync(path);
    utimesSync(path, PLACEHOLDER_TIME, PLACEHOLDER_TIME);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new PlaceChanged(path);
    if (code !== 'EEXIST') throw error;
  }
}

function openFolder(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(systemCode(error) ?? '')) throw new PlaceChanged(path);
    throw error;
  }
}

/** Whether the open folder is the one at the path, and still a placeholder. */
function isStill(path: string, fd: number): boolean {
  try {
    const big = { bigint: true } as const;
    const [open, there] = [fstatSync(fd, big), lstatSync(path, big)];
    const kind = there.isDirectory() ? 'directory' : 'other';
    return (
      open.ino === there.ino && open.dev === there.dev && isPlaceholder({ kind, mtimeNs: there.mtimeNs })
    );
  } catch {
    return false;
  }
}

function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Something was put into it: it is somebody's folder now.
  }
}
