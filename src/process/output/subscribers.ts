import type { BufferPool } from '../streams/bufferPool';
import type { ChunkUse, ProcessEvent } from '../types';

interface Target {
  readonly listener: (event: ProcessEvent) => void;
  /** What becomes of chunks. */
  readonly use: ChunkUse;
  /** What came while the listener was at work on an earlier event. */
  readonly backlog: ProcessEvent[];
  busy: boolean;
  gone: boolean;
}

/**
 * Hands events to listeners, at once and in order, also when a listener itself causes the next event. A
 * listener that throws is reported as a process warning and keeps the others from nothing.
 */
export class Subscribers {
  readonly #targets = new Set<Target>();

  constructor(private readonly pool: BufferPool) {}

  /** Hands `first` to the listener, now, and then every event that is sent; returns the way to stop. */
  add(
    listener: (event: ProcessEvent) => void,
    first: readonly ProcessEvent[],
    use: ChunkUse = 'kept',
  ): () => void {
    const target: Target = { listener, use, backlog: [...first], busy: false, gone: false };
    this.#targets.add(target);
    drain(target);
    return () => {
      target.gone = true;
      this.#targets.delete(target);
    };
  }

  /** Hands one event to all. */
  send(event: ProcessEvent): void {
    // To all before the first is called: what that one causes must not overtake this event elsewhere.
    for (const target of this.#targets) {
      target.backlog.push(event);
      // A busy one gets it later.
      if (event.type === 'output' && (target.use === 'kept' || target.busy)) this.pool.detach(event.chunk);
    }
    for (const target of this.#targets) drain(target);
  }
}

function drain(target: Target): void {
  if (target.busy) return;
  target.busy = true;
  for (let index = 0; index < target.backlog.length && !target.gone; index++) {
    const event = target.backlog[index];
    if (!event) continue;
    try {
      target.listener(event);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  }
  target.backlog.length = 0;
  target.busy = false;
}
