import type { Child } from './child';
import type { OutputLog } from './output/outputLog';
import type { Subscription } from './types';

/**
 * The hold that one lossless reader has on a child: the child is read only while none of its readers is
 * paused. Pausing twice is the same as once.
 *
 * @param unsubscribe ends the delivery
 * @param paused the readers of this child that are paused now
 * @param child undefined once it has ended; it is asked for each time, so that no reader keeps it in memory
 */
export function holdWhilePaused(
  unsubscribe: () => void,
  paused: Set<object>,
  child: () => Pick<Child, 'pause' | 'resume'> | undefined,
): Subscription {
  const reader = {};
  let disposed = false;
  const resume = (): void => {
    if (paused.delete(reader) && paused.size === 0) child()?.resume();
  };
  return {
    pause: () => {
      if (disposed) return;
      paused.add(reader);
      child()?.pause();
    },
    resume,
    dispose: () => {
      disposed = true;
      unsubscribe();
      resume();
    },
  };
}

/** The hold of the log's file: the child is not read while its disk is behind. */
export function holdWhileBehind(
  log: Pick<OutputLog, 'onBehind'>,
  paused: Set<object>,
  child: () => Pick<Child, 'pause' | 'resume'> | undefined,
): void {
  const hold = holdWhilePaused(() => undefined, paused, child);
  log.onBehind((isBehind) => {
    if (isBehind) hold.pause();
    else hold.resume();
  });
}
