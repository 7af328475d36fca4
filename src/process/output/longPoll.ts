import type { OutputLog } from './outputLog';
import { MAX_TIMER_MS } from '../../values';

/**
 * Waits until a read with this cursor has something to answer (docs/protocol/read.md#processread), at most
 * `waitMs`. Rejects with the signal's reason when that is aborted.
 */
export async function longPoll(
  log: OutputLog,
  afterSeq: number,
  waitMs: number,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  if (!(waitMs > 0) || log.hasNews(afterSeq)) return;
  let stop = (): void => undefined;
  await new Promise<void>((resolve) => {
    const stopWaking = log.onWake(() => {
      if (log.hasNews(afterSeq)) resolve();
    });
    const timer = setTimeout(resolve, Math.min(waitMs, MAX_TIMER_MS));
    const aborted = (): void => resolve();
    signal?.addEventListener('abort', aborted);
    stop = (): void => {
      stopWaking();
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
    };
  });
  stop();
  signal?.throwIfAborted();
}
