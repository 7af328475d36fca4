import { constants } from 'node:fs';
import { disk, type CopyPair, type FileStats } from '../blocking';
import { invalid } from './fsError';
import type { NativePath } from './nativePath';

/** Files that are copied by one call; together they hold a thread no longer than one block does. */
export const FILES_AT_ONCE = 64;
const SMALL_BYTES = 64 * 1024;
/** Bytes in memory for each copy of a larger one. */
const BLOCK_BYTES = 1024 * 1024;
const PERMISSIONS = 0o7777;
// Windows has neither O_NONBLOCK nor O_NOFOLLOW: undefined, which counts as 0 among bits.
const SOURCE_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
const DESTINATION_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_NONBLOCK;

/** What cannot be copied: devices, FIFOs and sockets. */
export function onlyFiles(): Error {
  return invalid('fs/copy only supports regular files, directories, and symlinks');
}

function isSame(left: FileStats, right: FileStats): boolean {
  return left.dev === right.dev && left.ino === right.ino;
}

/** A FIFO that nobody writes would be waited for, and a device may do anything: they are refused before and after. */
function requireFile({ kind }: FileStats): void {
  if (kind !== 'file') throw onlyFiles();
}

/**
 * Copies the content and the mode of regular files from one folder to another, over existing ones. Never waits for a FIFO
 * and never follows a link at the end of a source, also if they take a file's place in this moment. At most 64 files.
 */
export async function copyFiles(pairs: readonly CopyPair[]): Promise<void> {
  // One call instead of a dozen for each, for what most files are.
  const small = process.platform === 'linux' ? await disk.copySmall(pairs, SMALL_BYTES) : [];
  for (const [index, pair] of pairs.entries()) {
    if (small[index] === 'noFile') throw onlyFiles();
    if (small[index] !== 'done') await copyLarge(pair);
  }
}

/** Copies content and mode of one regular file of any size; follows no link at either path's end. Linux only. */
export function copyOne(pair: CopyPair): Promise<void> {
  return copyLarge(pair, constants.O_NOFOLLOW);
}

async function copyLarge({ source, destination }: CopyPair, more = 0): Promise<void> {
  const from = await disk.open(source, SOURCE_FLAGS);
  try {
    const stats = await disk.fstat(from);
    requireFile(stats);
    const existing = await disk.stat(destination).catch(() => undefined);
    if (existing && existing.kind !== 'directory') requireFile(existing);
    if (existing && isSame(existing, stats)) return;
    if (process.platform === 'linux') await copyOpen(from, stats, destination, more);
    // Other systems copy more than content and mode.
    else await disk.copyFile(source, destination);
  } finally {
    await disk.close(from);
  }
}

async function copyOpen(
  from: number,
  source: FileStats,
  destination: NativePath,
  more: number,
): Promise<void> {
  const mode = source.mode & PERMISSIONS;
  const to = await disk.open(destination, DESTINATION_FLAGS | more, mode);
  try {
    const target = await disk.fstat(to);
    requireFile(target);
    if (isSame(source, target)) return;
    await disk.ftruncate(to, 0);
    if ((target.mode & PERMISSIONS) !== mode) await disk.fchmod(to, mode);
    await copyContent(from, to, source.size);
  } finally {
    await disk.close(to);
  }
}

/** To the end, also of files that grow or tell no size. */
async function copyContent(from: number, to: number, expectedBytes: number): Promise<void> {
  const block = Buffer.allocUnsafeSlow(Math.min(Math.max(expectedBytes, 4096) + 1, BLOCK_BYTES));
  for (;;) {
    const count = await disk.read(from, block, null);
    if (count === 0) return;
    await disk.writeAll(to, block.subarray(0, count), null);
  }
}
