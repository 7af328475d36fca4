import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const PIECE_BYTES = 1 << 20;

/**
 * How often each of these stands in the memory of a process, as bytes and as UTF-16: what a core of it would hold.
 * The process stands still meanwhile. Linux only, and of a process that may be traced.
 */
export function memoryHolds(pid: number, ...needles: readonly string[]): number[] {
  const forms = needles.map((needle) => [Buffer.from(needle), Buffer.from(needle, 'utf16le')]);
  const longest = Math.max(...forms.flat().map(({ length }) => length));
  const counts = needles.map(() => 0);
  process.kill(pid, 'SIGSTOP');
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    const piece = Buffer.alloc(PIECE_BYTES + longest);
    for (const [from, to] of regions(pid)) {
      for (let at = from; at < to; at += PIECE_BYTES) {
        const end = Math.min(at + PIECE_BYTES + longest - 1, to);
        const found = piece.subarray(0, readAt(memory, piece.subarray(0, end - at), at));
        for (const [index, both] of forms.entries())
          for (const form of both)
            // What begins in the part that the next piece has too is counted there.
            for (
              let hit = found.indexOf(form);
              hit >= 0 && hit < PIECE_BYTES;
              hit = found.indexOf(form, hit + 1)
            )
              counts[index] = (counts[index] ?? 0) + 1;
      }
    }
  } finally {
    closeSync(memory);
    process.kill(pid, 'SIGCONT');
  }
  return counts;
}

/** What can be read, from and to. */
function regions(pid: number): [from: number, to: number][] {
  return readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, from = '', to = ''] = /^([0-9a-f]+)-([0-9a-f]+) r\S+ .*$/.exec(line) ?? [];
      return from === '' || /\[v(var|syscall)/.test(line)
        ? []
        : [[parseInt(from, 16), parseInt(to, 16)] as const];
    })
    .map(([from, to]) => [from, to]);
}

/** How many bytes could be read; some places have none. */
function readAt(fd: number, into: Buffer, at: number): number {
  try {
    return readSync(fd, into, 0, into.length, at);
  } catch {
    return 0;
  }
}
