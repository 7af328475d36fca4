import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The text of a file of /proc; empty for what is gone, or belongs to somebody else. */
export function readProc(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/**
 * The inodes of the sockets that a process holds, as they come.
 *
 * @throws the system's error where its descriptors may not be listed, or it is gone
 */
export function* socketInodes(pid: number, mostFds = Infinity): Generator<string> {
  for (const link of descriptors(pid, mostFds)) {
    const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
    if (inode !== undefined) yield inode;
  }
}

/**
 * The processes that hold a pipe from which one of these reads on its stdin, and not those themselves. Looks at all
 * processes, and tells those into which this user may look.
 */
export function writersTo(readers: readonly number[]): number[] {
  const pipes = new Set(readers.map((pid) => linkOf(`/proc/${pid}/fd/0`)).filter(isPipe));
  if (pipes.size === 0) return [];
  const pids = readdirSync('/proc').map(Number).filter(Number.isSafeInteger);
  return pids.filter((pid) => !readers.includes(pid) && holdsOneOf(pid, pipes));
}

const isPipe = (link: string): boolean => link.startsWith('pipe:');

function holdsOneOf(pid: number, pipes: ReadonlySet<string>): boolean {
  try {
    for (const link of descriptors(pid)) if (pipes.has(link)) return true;
  } catch {
    // It is gone, or somebody else's.
  }
  return false;
}

/** What they lead to. */
function* descriptors(pid: number, most = Infinity): Generator<string> {
  const folder = `/proc/${pid}/fd`;
  for (const fd of readdirSync(folder).slice(0, most)) yield linkOf(`${folder}/${fd}`);
}

/** Where a link leads; empty for what is gone, or belongs to somebody else. */
export function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
