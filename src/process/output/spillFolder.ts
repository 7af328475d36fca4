import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { disk } from '../../blocking';
import { BufferPool } from '../streams/bufferPool';
import { SpillFile, type SpillEvents, type SpillKeeper } from './spillFile';
import { BLOCK_SIZES } from './spillQueue';
import { errorCode } from '../../values';

/** Kept in files of the output of one process, and of all, in bytes. */
export const DEFAULT_SPILLED_BYTES = 256 * 1024 * 1024;
export const DEFAULT_TOTAL_SPILLED_BYTES = 1024 * 1024 * 1024;

/** How often something that goes wrong is told. */
const TELL_EVERY_MS = 60_000;

const NAME = /^output-[0-9a-f-]{36}$/;
const { O_CREAT, O_EXCL, O_RDWR } = constants;

/** Where output is kept that memory has no room for. */
export interface SpillOptions {
  /** An absolute path; made when it is first needed. */
  readonly folder: string;
  /** Told, now and then, what goes wrong with it; nothing else suffers from that. */
  readonly onTrouble: (problem: string) => void;
}

/**
 * The files of many logs, under one bound. Beyond it the file of the process that finished first is given up first;
 * when only running ones are left, no more is written.
 *
 * A file has no name once it is open, so that it ends with this process in any case; where the system does not have
 * that, the next host removes it.
 */
export class SpillFolder implements SpillKeeper {
  readonly pool = new BufferPool(BLOCK_SIZES);
  readonly #running = new Set<SpillFile>();
  /** In the order in which they finished. */
  readonly #finished = new Set<SpillFile>();
  #bytes = 0;
  #toldAt = -Infinity;

  constructor(
    private readonly options: SpillOptions,
    private bytesPerFile: number,
    private bytesTotal: number,
  ) {}

  /** What all files take of the disk, now or soon. */
  get bytes(): number {
    return this.#bytes;
  }

  /** For a new process. Nothing is on the disk before something is taken. */
  open(events: SpillEvents): SpillFile {
    const file = new SpillFile(this, events);
    this.#running.add(file);
    return file;
  }

  /** No more will come. */
  finished(file: SpillFile): void {
    if (this.#running.delete(file) && file.bytes > 0) this.#finished.add(file);
  }

  /** Gives it up. */
  remove(file: SpillFile): void {
    this.#running.delete(file);
    this.#finished.delete(file);
    file.discard();
  }

  /** Gives up all. */
  close(): void {
    for (const file of [...this.#running, ...this.#finished]) this.remove(file);
  }

  /** New bounds, in bytes; what is beyond them goes at once. */
  setLimits(bytesPerFile: number, bytesTotal: number): void {
    this.bytesPerFile = bytesPerFile;
    this.bytesTotal = bytesTotal;
    for (const file of [...this.#finished, ...this.#running]) {
      if (file.size > bytesPerFile || (file.size > 0 && this.#bytes > bytesTotal)) file.discard();
      else file.retry();
    }
  }

  admit(file: SpillFile, bytes: number): boolean {
    if (file.size + bytes > this.bytesPerFile) return false;
    for (const old of this.#finished) {
      if (this.#bytes + bytes <= this.bytesTotal) break;
      this.remove(old);
    }
    if (this.#bytes + bytes > this.bytesTotal) return false;
    this.#bytes += bytes;
    return true;
  }

  freed(bytes: number): void {
    this.#bytes -= bytes;
  }

  async create(): Promise<number> {
    const { folder } = this.options;
    const path = join(folder, `output-${randomUUID()}`);
    const flags = O_CREAT | O_EXCL | O_RDWR;
    const fd = await disk.open(path, flags, 0o600).catch(async (error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error;
      await makeFolder(folder);
      return disk.open(path, flags, 0o600);
    });
    await disk.unlink(path).catch(() => undefined);
    return fd;
  }

  trouble(problem: string): void {
    const now = performance.now();
    if (now - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = now;
    this.options.onTrouble(problem);
  }

  /** Removes what hosts before this one could not. Those that run need no name. Never rejects. */
  async sweep(): Promise<void> {
    const { folder } = this.options;
    const names = await readdir(folder).catch(() => []);
    for (const name of names) {
      if (NAME.test(name)) await rm(join(folder, name), { force: true }).catch(() => undefined);
    }
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await disk.mkdir(folder);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    if (errorCode(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await makeFolder(folder);
  }
}
