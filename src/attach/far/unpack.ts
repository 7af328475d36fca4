import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { COMPLETE } from '../words';

/** What came is not what was sent. */
export class Damaged extends Error {}

/**
 * The archive that was compressed.
 *
 * @throws Damaged unless its SHA-256 is that one
 */
export function open(packed: Buffer, sha256: string): Buffer {
  const archive = decompress(packed);
  if (createHash('sha256').update(archive).digest('hex') !== sha256) throw new Damaged();
  return archive;
}

function decompress(packed: Buffer): Buffer {
  try {
    return brotliDecompressSync(packed);
  } catch {
    throw new Damaged();
  }
}

/**
 * Writes an archive's files beside `folder` and renames, so that it is there as a whole or not at all. Another who
 * does the same at that moment may be first; theirs is as good. Nothing is left of a failure.
 */
export function unpack(archive: Buffer, folder: string): void {
  const beside = join(dirname(folder), `.new-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    const namesEnd = 4 + archive.readUInt32BE(0);
    const files = JSON.parse(archive.toString('utf8', 4, namesEnd)) as [name: string, bytes: number][];
    let at = namesEnd;
    for (const [name, bytes] of files) {
      const file = join(beside, name);
      if (!file.startsWith(beside + sep)) throw new Damaged();
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, archive.subarray(at, at + bytes), { mode: 0o700 });
      at += bytes;
    }
    writeFileSync(join(beside, COMPLETE), '');
    // Half of one can only be there if its removal was cut off.
    if (!existsSync(join(folder, COMPLETE))) rmSync(folder, { recursive: true, force: true });
    renameSync(beside, folder);
  } catch (error) {
    if (!existsSync(join(folder, COMPLETE))) throw error;
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}
