import { osSpawnError } from '../errors';
import type { SpawnSpec } from '../types';

/** Linux's own bounds in bytes, the zero at the end of each text included: a path, one text, all of them at the most. */
const MAX_PATH = 4096;
const MAX_TEXT = 128 * 1024;
const MAX_TEXTS = 6 * 1024 * 1024;
/** UTF-8 takes no more for what is one in UTF-16. */
const MOST_BYTES = 3;

/**
 * Refuses, before work is put into it, what is too long for the system in any case.
 *
 * @throws SpawnError with the words of Linux
 */
export function checkLengths({ argv, arg0, cwd, env }: SpawnSpec): void {
  const [program = '', ...args] = argv;
  if (isLonger(program, MAX_PATH) || isLonger(cwd, MAX_PATH)) throw osSpawnError('ENAMETOOLONG');
  let total = 0;
  const add = (text: string, more = 0): void => {
    total += text.length + more + 1;
    if (total > MAX_TEXTS || isLonger(text, MAX_TEXT - more)) throw osSpawnError('E2BIG');
  };
  add(arg0 ?? program);
  for (const arg of args) add(arg);
  for (const name of Object.keys(env)) add(env[name] ?? '', Buffer.byteLength(name) + 1);
}

function isLonger(text: string, bytes: number): boolean {
  return text.length * MOST_BYTES >= bytes && Buffer.byteLength(text) >= bytes;
}
