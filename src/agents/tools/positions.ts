import type { ManagedProcess } from '../../environment';

/** Between two places that are noted, in bytes. */
const NOTED_EVERY_BYTES = 256 * 1024;

/** A place in the output of a process: after `seq` comes the byte `position`, if nothing between is gone. */
export interface OutputPosition {
  readonly seq: number;
  readonly position: number;
}

const known = new WeakMap<ManagedProcess, Positions>();

/** Where in the output of a process which byte is: its reader counts pieces, a model bytes. */
export class Positions {
  private readonly noted: OutputPosition[] = [{ seq: 0, position: 0 }];

  private constructor(process: ManagedProcess) {
    const replayed: { readonly seq: number; readonly bytes: number }[] = [];
    let isReplay = true;
    process.subscribe(
      (event) => {
        if (event.type !== 'output') return;
        const bytes = event.chunk.length;
        if (isReplay) replayed.push({ seq: event.seq, bytes });
        else this.note(event.seq, process.totalBytes - bytes);
      },
      0,
      'lent',
    );
    isReplay = false;
    let position = process.totalBytes - replayed.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { seq, bytes } of replayed) {
      this.note(seq, position);
      position += bytes;
    }
  }

  /** From when a process is first looked at on. */
  static of(process: ManagedProcess): Positions {
    const positions = known.get(process) ?? new Positions(process);
    known.set(process, positions);
    return positions;
  }

  /** The nearest place at or before a byte that is noted. */
  before(position: number): OutputPosition {
    let low = 0;
    for (let high = this.noted.length - 1; low < high;) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.noted[middle]?.position ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return this.noted[low] ?? { seq: 0, position: 0 };
  }

  private note(seq: number, position: number): void {
    const last = this.noted.at(-1)?.position ?? 0;
    if (position - last >= NOTED_EVERY_BYTES) this.noted.push({ seq: seq - 1, position });
  }
}
