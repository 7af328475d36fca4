import { isForeign, type AnyChild } from '../child';
import { lookAtInput } from '../observe/inputLook';
import type { OutputLog } from '../output/outputLog';
import { classify } from './classify';
import { InputWatch, type QuietLook } from './inputWatch';
import { lastLine } from './lastLine';

/** So much of the output is looked at: a large screen's worth. */
const TAIL_BYTES = 16 * 1024;
/** Pieces of output that are fetched for it at once, to begin with. */
const FIRST_PIECES = 16;

/** Whether somebody has written to the process. */
export interface Written {
  readonly written: boolean;
}

/** Watches whether a process waits for input; undefined for one that takes none. */
export function watchInput(
  child: AnyChild,
  log: OutputLog,
  tty: boolean,
  input: Written,
): InputWatch | undefined {
  if (!child.stdin) return undefined;
  const look = (): QuietLook => {
    const line = lastLine(tailOf(log));
    const terminal = isForeign(child) ? undefined : child.terminalSide;
    const mode = terminal?.mode();
    const unfinished = line.text !== '';
    // Nothing asks, and what is typed is shown: no need to look any further.
    if (!unfinished && line.before === '' && (!mode || mode.echo)) return { waiting: null, unfinished };
    const seen = isForeign(child)
      ? undefined
      : lookAtInput({ pid: child.pid, tty, terminal: terminal?.path });
    return { waiting: classify({ line, tty, mode, look: seen, written: input.written }), unfinished };
  };
  const watch = new InputWatch(look);
  log.onWake(watch.stir);
  return watch;
}

/** The end of all streams in the order in which they came. */
function tailOf(log: OutputLog): string {
  for (let pieces = FIRST_PIECES; ; pieces *= 4) {
    const from = Math.max(0, log.nextSeq - 1 - pieces);
    const { chunks } = log.read(from);
    const size = chunks.reduce((sum, { chunk }) => sum + chunk.length, 0);
    if (size < TAIL_BYTES && from > 0) continue;
    const parts: Buffer[] = [];
    let left = TAIL_BYTES;
    for (const { chunk } of chunks.toReversed()) {
      if (left <= 0) break;
      parts.unshift(chunk.subarray(-left));
      left -= chunk.length;
    }
    return Buffer.concat(parts).toString();
  }
}
