import { join } from 'node:path';
import type { Word } from '../words';
import { readExactly, readLine } from './input';
import { findPlace } from './places';
import { sweep } from './sweep';
import { Damaged, open, unpack } from './unpack';

/**
 * Takes the payload of that key from stdin into a folder of its own; says why if there is none.
 *
 * @throws CutOff when stdin ends before
 */
export function take(key: string, say: (word: Word) => void): string | undefined {
  const found = findPlace();
  if ('tried' in found) {
    say({ is: 'noPlace', tried: found.tried });
    return undefined;
  }
  const folder = join(found.place, key);
  say({ is: 'need', folder });
  try {
    unpack(open(readExactly(Number(readLine())), key), folder);
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    say({ is: 'damaged' });
    return undefined;
  }
  sweep(found.place);
  return folder;
}
