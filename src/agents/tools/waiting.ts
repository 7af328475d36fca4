import type { ManagedProcess } from '../../environment';

/** The longest that one call waits, in ms: some clients give up after a minute. */
export const LONGEST_YIELD_MS = 30_000;
/** The shortest, so that nobody polls all the time. */
const SHORTEST_YIELD_MS = 250;

/** A process that has exited, but whose streams are held open by what it started, is waited for no longer than this. */
const AFTER_EXIT_MS = 300;

/** What the caller asked for, within bounds. */
export function yieldMs(asked: number | undefined, fallback: number): number {
  return Math.min(Math.max(asked ?? fallback, SHORTEST_YIELD_MS), LONGEST_YIELD_MS);
}

/**
 * Waits until `isOver`, asked after each event of the process, or until the time is over or the call cancelled.
 *
 * @returns whether `isOver`
 */
export async function waitUntil(
  process: ManagedProcess,
  isOver: () => boolean,
  ms: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (isOver()) return true;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      stopWaking();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    const stopWaking = process.subscribeWake(() => {
      if (isOver()) end();
    });
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
  return isOver();
}

/**
 * Waits until the process has ended, for so long, and then until its output is complete, as far as that comes soon: who
 * is told of an end asks for no more output.
 */
export async function waitForEnd(process: ManagedProcess, ms: number, signal: AbortSignal): Promise<void> {
  if (await waitUntil(process, () => hasExited(process), ms, signal))
    await waitUntil(process, () => process.closed, AFTER_EXIT_MS, signal);
}

/** Whether its exit code is known, or that nobody will know it. */
export function hasExited(process: ManagedProcess): boolean {
  return process.state !== 'running';
}
