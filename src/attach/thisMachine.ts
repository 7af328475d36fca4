import { closeSync, openSync, readSync } from 'node:fs';
import type { Machine } from './words';

/** The name of the loader stands near the beginning of a program. */
const HEAD_BYTES = 4096;

/** This process's machine. */
export function thisMachine(): Machine {
  const { platform, arch, versions } = process;
  return { platform, arch, libc: libc(), node: versions.node };
}

/** By the loader that this Node names: its own report tells the same, and takes as long as all else here. */
function libc(): Machine['libc'] {
  if (process.platform !== 'linux') return undefined;
  const head = Buffer.alloc(HEAD_BYTES);
  const file = openSync(process.execPath, 'r');
  readSync(file, head, 0, head.length, 0);
  closeSync(file);
  return namesMusl(head) ? 'musl' : 'glibc';
}

/** Whether a Linux program needs musl, by its first 4 KiB. */
export function namesMusl(program: Buffer): boolean {
  return program.subarray(0, HEAD_BYTES).includes('ld-musl');
}
