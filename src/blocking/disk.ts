import * as fs from 'node:fs';
import type { BlockingCall, DiskTarget } from './lane';
import { lane } from './processLane';
import { Origins } from './origins';
import { List } from './list';
import type { ListOptions, PackedList } from './listCalls';
import type { CopyPair, SmallCopy } from './treeCalls';

/** An absolute path; as bytes where a name is not UTF-8. */
export type DiskPath = string | Buffer;

export type FileKind = 'file' | 'directory' | 'link' | 'other';

/** What the system knows about a path. */
export interface FileStats {
  readonly kind: FileKind;
  /** Permissions too. */
  readonly mode: number;
  readonly size: number;
  /** Device and number identify what is there for as long as it is there. */
  readonly dev: bigint;
  readonly ino: bigint;
  /** Nanoseconds since 1970; 0 or less if unknown. */
  readonly birthtimeNs: bigint;
  readonly mtimeNs: bigint;
}

const BIG = { bigint: true } as const;
const { S_IFMT, S_IFREG, S_IFDIR, S_IFLNK } = fs.constants;
const KINDS = new Map<number, FileKind>([
  [S_IFREG, 'file'],
  [S_IFDIR, 'directory'],
  [S_IFLNK, 'link'],
]);
/** One call's worth, so that a large file does not hold a thread for long. */
const MAX_CALL_BYTES = 8 * 1024 * 1024;

const origins = new Origins();

type Done<T> = (error: NodeJS.ErrnoException | null, value: T) => void;

/** A call of `node:fs`, by the name and the arguments that it has there. */
type Named = Omit<BlockingCall, 'inPool'>;

/** Runs it in the pool by `start`, or by its name in a thread. */
function call<T>(named: Named, start: (done: Done<T>) => void): Promise<T> {
  const inPool = () =>
    new Promise<T>((resolve, reject) => {
      start((error, value) => {
        if (error) reject(error);
        else resolve(value);
      });
    });
  return lane.run({ ...named, inPool }) as Promise<T>;
}

/** For calls without a result. */
async function act(named: Named, start: (done: fs.NoParamCallback) => void): Promise<void> {
  await call<undefined>(named, (done) => start((error) => done(error, undefined)));
}

function placeOf(path: DiskPath, follows: boolean): DiskTarget {
  return { path: origins.ofPath(path), follows };
}

/** A call on a path; `last` tells what becomes of a link at its end. */
function on(path: DiskPath, last: 'follow' | 'stay', name: string, ...more: unknown[]): Named {
  return { name, args: () => [path, ...more], places: [placeOf(path, last === 'follow')] };
}

/** A call that needs two disks. */
function fromTo(source: DiskPath, destination: DiskPath, name: string): Named {
  const places = [placeOf(source, true), placeOf(destination, true)];
  return { name, args: () => [source, destination], places };
}

/** A call on a descriptor. */
function at(fd: number, name: string, ...more: unknown[]): Named {
  return { name, args: () => [fd, ...more], places: [{ path: origins.of(fd), follows: true }] };
}

function toStats(
  stats: Pick<fs.BigIntStats, 'mode' | 'size' | 'dev' | 'ino' | 'birthtimeNs' | 'mtimeNs'>,
): FileStats {
  const { dev, ino, birthtimeNs, mtimeNs } = stats;
  const mode = Number(stats.mode);
  return {
    kind: KINDS.get(mode & S_IFMT) ?? 'other',
    mode,
    size: Number(stats.size),
    dev,
    ino,
    birthtimeNs,
    mtimeNs,
  };
}

/** What threads hand over are plain arrays of bytes. */
function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** About what a link leads to. */
export async function stat(path: DiskPath): Promise<FileStats> {
  return toStats(
    await call<fs.BigIntStats>(on(path, 'follow', 'stat', BIG), (done) => fs.stat(path, BIG, done)),
  );
}

/** About the path itself. */
export async function lstat(path: DiskPath): Promise<FileStats> {
  return toStats(
    await call<fs.BigIntStats>(on(path, 'stay', 'lstat', BIG), (done) => fs.lstat(path, BIG, done)),
  );
}

export async function fstat(fd: number): Promise<FileStats> {
  return toStats(await call<fs.BigIntStats>(at(fd, 'fstat', BIG), (done) => fs.fstat(fd, BIG, done)));
}

/** Rejects unless this user has the right, one of `constants.R_OK`, `W_OK`, `X_OK`. */
export function access(path: DiskPath, mode: number): Promise<void> {
  return act(on(path, 'follow', 'access', mode), (done) => fs.access(path, mode, done));
}

/** The path with all links resolved. */
export async function realpath(path: DiskPath): Promise<Buffer> {
  return toBuffer(
    await call<Buffer>(on(path, 'follow', 'realpath'), (done) => fs.realpath.native(path, 'buffer', done)),
  );
}

/** Where a link leads, as it is written there. */
export async function readlink(path: DiskPath): Promise<Buffer> {
  return toBuffer(
    await call<Buffer>(on(path, 'stay', 'readlink', 'buffer'), (done) => fs.readlink(path, 'buffer', done)),
  );
}

/** A descriptor, to be closed with `close`. Without O_NONBLOCK a FIFO waits for its other end. */
export async function open(path: DiskPath, flags: number, mode = 0o666): Promise<number> {
  const place = origins.ofPath(path);
  const fd = await call<number>(on(path, 'follow', 'open', flags, mode), (done) =>
    fs.open(path, flags, mode, done),
  );
  origins.add(fd, place);
  return fd;
}

/** Never rejects: a close that fails has still given the descriptor back. */
export async function close(fd: number): Promise<void> {
  const named = at(fd, 'close');
  // Before the system can give the number to another file.
  origins.remove(fd);
  await act(named, (done) => fs.close(fd, done)).catch(() => undefined);
}

/** Reads at most `buffer.length` bytes, from the file's own position if `position` is null; 0 at the end. */
export async function read(fd: number, buffer: Buffer, position: number | null): Promise<number> {
  const { length } = buffer;
  const result = await call<number | Uint8Array>(at(fd, 'read', length, position), (done) =>
    fs.read(fd, buffer, 0, length, position, done),
  );
  if (typeof result === 'number') return result;
  buffer.set(result);
  return result.length;
}

/** Writes as much as the system takes at once, and tells how much that is. */
export function write(fd: number, bytes: Uint8Array, position: number | null): Promise<number> {
  const part = bytes.subarray(0, MAX_CALL_BYTES);
  const named = {
    ...at(fd, 'write'),
    // A copy, because a thread would be given all of the memory that this is a part of.
    args: () => [fd, new Uint8Array(part), 0, part.length, position],
  };
  return call<number>(named, (done) => fs.write(fd, part, 0, part.length, position, done));
}

/** Writes all of it. */
export async function writeAll(fd: number, bytes: Uint8Array, position: number | null): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += await write(fd, bytes.subarray(done), position === null ? null : position + done);
  }
}

export function ftruncate(fd: number, length: number): Promise<void> {
  return act(at(fd, 'ftruncate', length), (done) => fs.ftruncate(fd, length, done));
}

export function fchmod(fd: number, mode: number): Promise<void> {
  return act(at(fd, 'fchmod', mode), (done) => fs.fchmod(fd, mode, done));
}

/** Content and mode, and what else the system copies with them. */
export function copyFile(source: DiskPath, destination: DiskPath): Promise<void> {
  return act(fromTo(source, destination, 'copyFile'), (done) => fs.copyFile(source, destination, done));
}

export function mkdir(path: DiskPath): Promise<void> {
  return act(on(path, 'stay', 'mkdir'), (done) => fs.mkdir(path, done));
}

export function rmdir(path: DiskPath): Promise<void> {
  return act(on(path, 'stay', 'rmdir'), (done) => fs.rmdir(path, done));
}

export function unlink(path: DiskPath): Promise<void> {
  return act(on(path, 'stay', 'unlink'), (done) => fs.unlink(path, done));
}

/** Makes a link at `path`. */
export function symlink(target: DiskPath, path: DiskPath): Promise<void> {
  const named = { ...on(path, 'stay', 'symlink'), args: () => [target, path] };
  return act(named, (done) => fs.symlink(target, path, done));
}

/** A call that only threads know. */
function inThread(named: Named): Promise<unknown> {
  return lane.run({ ...named, inPool: undefined });
}

/**
 * What is in a folder. Always in a thread, because Node looks at each entry by itself where a file system tells no types.
 */
export async function list(path: DiskPath, options: ListOptions): Promise<List> {
  return new List((await inThread(on(path, 'follow', 'list', options))) as PackedList);
}

/**
 * What is in a folder whose real path is `expected`; Linux only. If it is not, because a link has come in its way, it is
 * not there: ENOENT.
 */
export async function listGuarded(path: Buffer, expected: Buffer, options: ListOptions): Promise<List> {
  return new List((await inThread(on(path, 'follow', 'listGuarded', expected, options))) as PackedList);
}

/**
 * Copies the content and the mode of regular files of at most `maxBytes` from one folder to another, over existing ones.
 * Does not follow a link at the end of a source, and waits for no FIFO. Tells what became of each; rejects with the first
 * error.
 */
export async function copySmall(pairs: readonly CopyPair[], maxBytes: number): Promise<SmallCopy[]> {
  const [first] = pairs;
  if (!first) return [];
  const named = { ...fromTo(first.source, first.destination, 'copySmall'), args: () => [pairs, maxBytes] };
  return (await inThread(named)) as SmallCopy[];
}

/** Removes files and links of one folder. What is not there any more is fine. */
export async function unlinkAll(paths: readonly Buffer[]): Promise<void> {
  const [first] = paths;
  if (first) await inThread({ ...on(first, 'stay', 'unlinkAll'), args: () => [paths] });
}
