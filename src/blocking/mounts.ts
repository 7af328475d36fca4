import { readFileSync } from 'node:fs';
import { parse } from 'node:path';

/** Milliseconds for which the list of mounts is taken as it was. */
const FRESH_MS = 1000;

let points: readonly string[] = [];
let readAt = -Infinity;

/** Where disks are mounted, as texts of one character for each byte. Reading it asks no disk. */
function mountPoints(): readonly string[] {
  if (performance.now() - readAt < FRESH_MS) return points;
  readAt = performance.now();
  try {
    points = readFileSync('/proc/self/mountinfo', 'latin1')
      .split('\n')
      .map((line) => unescape(line.split(' ', 5)[4] ?? ''))
      .filter(Boolean);
  } catch {
    points = [];
  }
  return points;
}

/** A blank, tabulator, line feed or backslash in a path is written in octal digits. */
function unescape(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/**
 * The disk that an absolute path without links is on: where it is mounted, as far as the path alone tells. Asks no
 * disk, so it answers also when that one does not.
 *
 * @param path with one character for each byte
 */
export function diskOf(path: string): string {
  if (process.platform === 'linux') {
    let longest = '/';
    for (const point of mountPoints()) {
      if (point.length <= longest.length || !path.startsWith(point)) continue;
      if (path.length === point.length || path[point.length] === '/') longest = point;
    }
    return longest;
  }
  // A drive or a share on Windows.
  if (process.platform === 'win32') return parse(path).root;
  return /^\/Volumes\/[^/]+/.exec(path)?.[0] ?? '/';
}
