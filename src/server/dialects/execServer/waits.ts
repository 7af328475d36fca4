import type { HostProcess } from '../../backend';
import { invalidRequest, type execServer } from '../../../protocol';
import { MAX_TIMER_MS } from '../../../values';

/** Waits that one connection may have under way. */
const MAX_WAITS = 1024;

/** The `process/wait` requests of one connection. They hold no slot of its request queue, so they are counted here. */
export class Waits {
  private count = 0;

  /** Resolves when the process has closed, when time is up, or when `signal` is aborted. */
  async wait(
    process: HostProcess,
    timeoutMs: number | undefined,
    signal: AbortSignal,
  ): Promise<execServer.extensions.WaitResult> {
    if (this.count >= MAX_WAITS) {
      throw invalidRequest(`too many requests: ${MAX_WAITS} wait for processes on this connection`);
    }
    this.count += 1;
    try {
      if (timeoutMs !== 0) await untilClosed(process, timeoutMs, signal);
    } finally {
      this.count -= 1;
    }
    return stateOf(process);
  }
}

async function stateOf(process: HostProcess): Promise<execServer.extensions.WaitResult> {
  const { exited, exitCode, closed } = await process.read({ afterSeq: Number.MAX_SAFE_INTEGER });
  return { exited, exitCode, closed };
}

async function untilClosed(
  process: HostProcess,
  timeoutMs: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const end = () => over.abort();
  const subscription = process.subscribe((event) => {
    if (event.type === 'closed') end();
  }, Number.MAX_SAFE_INTEGER);
  const timer = timeoutMs === undefined ? undefined : setTimeout(end, Math.min(timeoutMs, MAX_TIMER_MS));
  signal.addEventListener('abort', end);
  try {
    // It may have closed before.
    if ((await stateOf(process)).closed || signal.aborted || over.signal.aborted) return;
    await new Promise((resolve) => over.signal.addEventListener('abort', resolve));
  } finally {
    subscription.dispose();
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}
