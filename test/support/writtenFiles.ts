import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import path from 'node:path';

export interface WrittenFile {
  readonly file: string;
  readonly bytes: Buffer;
}

/**
 * Every file below a folder, and the output without a name that a process has open, which there must be. What goes
 * meanwhile is left out. Linux only.
 */
export function writtenFiles(root: string, pid: number): WrittenFile[] {
  const named = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => path.join(root, name));
  const open = readdirSync(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`);
  const unnamed = open.filter((fd) => ifThere(() => /output-.*\(deleted\)$/.test(readlinkSync(fd))));
  assert.ok(unnamed.length > 0, 'output is in a file without a name');
  return [...named, ...unnamed].flatMap((file) => {
    const bytes = ifThere(() => (statSync(file).isFile() ? readFileSync(file) : undefined));
    return bytes ? [{ file, bytes }] : [];
  });
}

function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether the bytes hold a text, as it is or in base64. */
export function holds(bytes: Buffer, text: string): boolean {
  return bytes.includes(text) || bytes.includes(Buffer.from(text).toString('base64'));
}
