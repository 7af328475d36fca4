import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isObject } from '../values';
import type { Happening } from './happening';

/** `1764330000000-4711-0.jsonl`: when its window opened, in which process, and the how manieth of it. */
const NAME = /^\d{13}-\d+-\d+\.jsonl$/;

/** A file of a time-line. */
export interface Segment {
  readonly path: string;
  readonly bytes: number;
}

export function segmentName(window: string, number: number): string {
  return `${window}-${number}.jsonl`;
}

/** All there are, oldest first; none where the folder is not. */
export async function listSegments(folder: string): Promise<Segment[]> {
  const names = await readdir(folder).catch(() => []);
  const segments = names
    .filter((name) => NAME.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map(async (name) => {
      const file = path.join(folder, name);
      const bytes = await stat(file).then(
        ({ size }) => size,
        () => 0,
      );
      return { path: file, bytes };
    });
  return Promise.all(segments);
}

/** Removes the oldest, but for the last one, until the rest has at most `limit` bytes. */
export async function trimSegments(folder: string, limit: number): Promise<void> {
  const segments = await listSegments(folder);
  let total = segments.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { path: file, bytes } of segments.slice(0, -1)) {
    if (total <= limit) return;
    await rm(file, { force: true });
    total -= bytes;
  }
}

/** What they tell, oldest first. A line that was cut short by a crash, or is not ours, is left out. */
export async function readSegments(folder: string): Promise<Happening[]> {
  const found: Happening[] = [];
  for (const { path: file } of await listSegments(folder)) {
    const text = await readFile(file, 'utf8').catch(() => '');
    for (const line of text.split('\n')) {
      const happening = parse(line);
      if (happening) found.push(happening);
    }
  }
  return found.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
}

function parse(line: string): Happening | undefined {
  if (line === '') return undefined;
  try {
    const value: unknown = JSON.parse(line);
    const isOne = isObject(value) && typeof value['at'] === 'string' && typeof value['kind'] === 'string';
    return isOne ? (value as unknown as Happening) : undefined;
  } catch {
    return undefined;
  }
}
