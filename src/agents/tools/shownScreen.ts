import type { ManagedProcess } from '../../environment';
import type { ScreenText } from '../../screen';

/** Older output does not matter to what a screen shows but in rare programs; in bytes. */
const MAX_REPLAYED_BYTES = 4 * 1024 * 1024;
const PAGE_BYTES = 1024 * 1024;
const LOOKS = { scrollback: 0, tabStopWidth: 8, unicodeVersion: '11' } as const;

/**
 * What the terminal of a process shows now, by what it has put out.
 *
 * @param from where to begin: the number of a piece of output that is kept
 */
export async function screenOf(process: ManagedProcess, from: number): Promise<ScreenText> {
  const { Screen } = await import('../../screen');
  const changes = [...process.sizes.changes];
  const first = changes.shift()?.size ?? { rows: 24, cols: 80 };
  const screen = new Screen({ ...first, ...LOOKS });
  const resize = (): void => {
    const size = changes.shift()?.size;
    if (size) screen.resize(size.cols, size.rows);
  };
  try {
    // A flood goes on while it is looked at.
    for (let afterSeq = from, bytes = 0; bytes < 2 * MAX_REPLAYED_BYTES;) {
      const { chunks } = await process.read({ afterSeq, maxBytes: PAGE_BYTES });
      const last = chunks.at(-1);
      if (!last) break;
      for (const { seq, chunk } of chunks) {
        while (changes[0] && changes[0].afterSeq < seq) resize();
        await screen.write(chunk);
        bytes += chunk.length;
      }
      afterSeq = last.seq;
    }
    while (changes.length > 0) resize();
    return screen.view();
  } finally {
    screen.dispose();
  }
}

/** Where to begin, in bytes of all output. */
export function beginOf({ totalBytes }: ManagedProcess): number {
  return Math.max(0, totalBytes - MAX_REPLAYED_BYTES);
}
