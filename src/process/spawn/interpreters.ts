import { constants } from 'node:fs';
import { resolve } from 'node:path';
import { disk, SilentDiskError, type FileStats } from '../../blocking';
import { toSpawnError } from '../errors';
import { versionOf, type CachedLookup } from '../native/cachedLookup';

/** What the system reads of a program before it runs. */
const HEAD_BYTES = 4096;
/** What Linux looks at of a script's first line, in bytes. */
const LONGEST_FIRST_LINE = 256;
/** PATH_MAX. */
const LONGEST_PATH = 4096;
/** Programs that Linux takes one after the other, because each is a script that names the next. */
const LONGEST_CHAIN = 6;
const ELF64 = Buffer.from('\x7fELF\x02', 'latin1');
/** Places in the header of an ELF file of 64 bits, and in an entry of its table of segments. */
const AT = { order: 5, segments: 32, entryBytes: 54, entries: 56, type: 0, offset: 8, length: 32 };
const LITTLE_ENDIAN = 1;
const PT_INTERP = 3;

/**
 * Waits for the disks of a program, its folder, and what runs it: the interpreter that a script names, the loader that a
 * binary names. The start itself, which waits for them on the event loop, then meets what the system has just read.
 * Whether they are there the start tells. Rejects with a SpawnError if a disk holds up too many.
 */
export async function reach(path: string, cwd: string, lookup?: CachedLookup): Promise<void> {
  const folder = lookup?.versionOnRoot(cwd) === undefined ? disk.stat(cwd) : undefined;
  const looks = await Promise.allSettled([reachProgram(resolve(cwd, path), cwd, lookup), folder]);
  for (const look of looks)
    if (look.status === 'rejected' && look.reason instanceof SilentDiskError) throw toSpawnError(look.reason);
}

async function reachProgram(program: string, cwd: string, lookup?: CachedLookup): Promise<void> {
  let path: string | undefined = program;
  for (let left = LONGEST_CHAIN; path !== undefined && left > 0; left--) {
    const named: string | undefined = await interpreterOf(path, lookup);
    path = named === undefined ? undefined : resolve(cwd, named);
  }
}

/**
 * The program that a script or a binary names as the one that runs it; undefined for what names none. Rejects with the
 * system's error for what cannot be read.
 *
 * @param lookup saves asking the disk of the system for what was read before
 */
export async function interpreterOf(path: string, lookup?: CachedLookup): Promise<string | undefined> {
  const before = remembered.get(path);
  if (before && before.version === lookup?.versionOnRoot(path)) return before.interpreter;
  const stats = await disk.stat(path);
  if (stats.kind !== 'file') return undefined;
  root ??= disk.stat('/');
  // Only of the disk that the system itself runs from: what another one has must be read, to see whether it answers.
  const isRemembered = stats.dev === (await root).dev;
  const version = versionOf(stats.ino, stats.mtimeNs, stats.size);
  const known = isRemembered ? remembered.get(path) : undefined;
  if (known?.version === version) return known.interpreter;
  const interpreter = await withHead(path, async (head, read) => {
    if (head.subarray(0, ELF64.length).equals(ELF64)) return loaderIn(head, read);
    const line = head.subarray(0, LONGEST_FIRST_LINE).toString('latin1');
    return /^#![ \t]*([^\s\0]+)/.exec(line)?.[1];
  });
  if (isRemembered) remember(path, { version, interpreter });
  return interpreter;
}

/** What a program named when it was read last. */
interface Known {
  readonly version: string;
  readonly interpreter: string | undefined;
}

let root: Promise<FileStats> | undefined;
const remembered = new Map<string, Known>();
const MOST_REMEMBERED = 256;

function remember(path: string, known: Known): void {
  remembered.delete(path);
  remembered.set(path, known);
  const [oldest] = remembered.keys();
  if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
}

/** The beginning of a file, with which it says what it is; a FIFO is not waited for. Rejects as `interpreterOf`. */
export function headOf(path: string): Promise<Buffer> {
  return withHead(path, (head) => Promise.resolve(head));
}

type Read = (offset: number, length: number) => Promise<Buffer>;

async function withHead<T>(path: string, use: (head: Buffer, read: Read) => Promise<T>): Promise<T> {
  const fd = await disk.open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const read: Read = async (offset, length) => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, await disk.read(fd, bytes, offset));
    };
    return await use(await read(0, HEAD_BYTES), read);
  } finally {
    await disk.close(fd);
  }
}

/** Undefined where the header does not tell. */
async function loaderIn(head: Buffer, read: Read): Promise<string | undefined> {
  const segment = loaderSegment(head);
  if (!segment) return undefined;
  const { offset, length } = segment;
  const isInHead = offset + length <= head.length;
  const name = isInHead ? head.subarray(offset, offset + length) : await read(offset, length);
  return name.toString('latin1').replace(/\0.*$/s, '') || undefined;
}

function loaderSegment(head: Buffer): { offset: number; length: number } | undefined {
  try {
    if (head[AT.order] !== LITTLE_ENDIAN) return undefined;
    const start = Number(head.readBigUInt64LE(AT.segments));
    const bytes = head.readUInt16LE(AT.entryBytes);
    for (let index = 0; index < head.readUInt16LE(AT.entries); index++) {
      const entry = start + index * bytes;
      if (head.readUInt32LE(entry + AT.type) !== PT_INTERP) continue;
      const offset = Number(head.readBigUInt64LE(entry + AT.offset));
      const length = Number(head.readBigUInt64LE(entry + AT.length));
      return length <= LONGEST_PATH && Number.isSafeInteger(offset) ? { offset, length } : undefined;
    }
  } catch {
    // A table beyond what was read, or none.
  }
  return undefined;
}
