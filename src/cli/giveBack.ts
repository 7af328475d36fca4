import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { trimMemory } from '../process';

/**
 * When memory is given back, in ms after clients have let go of some: soon; when sockets and threads have let go as
 * well; when the sessions of clients that left and what is kept of ended processes have gone.
 */
const TIMES_MS = [1000, 35_000, 100_000] as const;
/** The collector leaves the freeing of what it has found to a thread, which needs a moment. */
const FREEING_MS = 250;

const timers: (NodeJS.Timeout | undefined)[] = [];

/**
 * Gives memory back to the system after clients have let go of much of it. In a server that idles nothing makes the
 * collector look; an editor's host is never idle for so long.
 */
export function giveBackMemory(): void {
  TIMES_MS.forEach((delayMs, at) => {
    // The first is not put off, should clients go on letting go.
    if (at === 0 && timers[at]) return;
    clearTimeout(timers[at]);
    timers[at] = setTimeout(() => {
      timers[at] = undefined;
      giveBackNow();
    }, delayMs).unref();
  });
}

function giveBackNow(): void {
  collect();
  setTimeout(trimMemory, FREEING_MS).unref();
}

function collect(): void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
}
