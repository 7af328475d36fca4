import { once } from 'node:events';
import type { Socket } from 'node:net';
import { LineSplitter } from '../../rpc';

/**
 * Hands each line that comes from a window to `take`, until the connection has ended, whichever side did that.
 *
 * @param socket paused; it flows from now on
 * @param maxBytes largest line
 */
export function takeLines(
  socket: Socket,
  maxBytes: number,
  take: (line: Buffer) => void,
  closed: () => void,
): void {
  const lines = new LineSplitter(maxBytes);
  socket.on('data', (chunk: Buffer) => {
    for (const line of lines.push(chunk)) take(line);
  });
  socket.on('error', () => socket.destroy());
  socket.once('end', () => socket.end());
  socket.once('close', closed);
  socket.resume();
}

/** Resolves when the socket takes more, or never will. Leaves no listener behind. */
export async function drained(socket: Socket): Promise<void> {
  const abort = new AbortController();
  const { signal } = abort;
  await Promise.race([once(socket, 'drain', { signal }), once(socket, 'close', { signal })]).catch(
    () => undefined,
  );
  abort.abort();
}
