import { ConnectError } from './errors';

/** As `work`, or a ConnectError: after `ms` with the words of `late`, and when `signal` is aborted from now on. */
export async function inTime<T>(
  work: Promise<T>,
  ms: number,
  late: () => string,
  signal: AbortSignal | undefined,
): Promise<T> {
  let stop = (): void => undefined;
  const end = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new ConnectError(late())), ms);
    const aborted = () => reject(new ConnectError('the attempt was given up'));
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
