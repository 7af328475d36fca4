import { ConnectError } from './errors';

/**
 * Settles as `work` does; rejects with a ConnectError after `ms`, with the words of `late`, and when `signal` is aborted
 * from now on.
 *
 * @param onSign subscribes to signs of progress: each begins the time anew
 */
export async function withTimeout<T>(
  work: Promise<T>,
  ms: number,
  late: () => string,
  signal: AbortSignal | undefined,
  onSign?: (renew: () => void) => void,
): Promise<T> {
  let stop = (): void => undefined;
  const end = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new ConnectError(late())), ms);
    const aborted = () => reject(new ConnectError('the attempt was given up'));
    onSign?.(() => timer.refresh());
    signal?.addEventListener('abort', aborted, { once: true });
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
    };
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    // A transport that opens later is closed by the signal of the attempt.
    work.catch(() => undefined);
    stop();
  }
}
