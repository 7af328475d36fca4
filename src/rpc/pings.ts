import type { WebSocket } from 'ws';

/**
 * Answers pings, of those that came in one turn only the last, as RFC 6455 (5.5.3) has it: however many pile up during
 * an outage, one answer is held. The library itself ends the connection after 60; make it with `autoPong: false`.
 */
export function answerPings(socket: WebSocket): void {
  let latest: Buffer | undefined;
  let sending = false;
  const answer = (): void => {
    const data = latest;
    latest = undefined;
    if (!data || socket.readyState !== socket.OPEN) {
      sending = false;
      return;
    }
    socket.pong(data, undefined, () => setImmediate(answer));
  };
  socket.on('ping', (data) => {
    latest = data;
    if (sending) return;
    sending = true;
    setImmediate(answer);
  });
}

/** Asks the peer for a sign of life: whether one came within so many milliseconds. */
export async function givesSign(socket: WebSocket, withinMs: number): Promise<boolean> {
  if (socket.readyState !== socket.OPEN) return false;
  return await new Promise((resolve) => {
    const settle = (isAlive: boolean) => () => {
      clearTimeout(timer);
      socket.off('pong', heard).off('message', heard).off('close', gone);
      resolve(isAlive);
    };
    const [heard, gone] = [settle(true), settle(false)];
    const timer = setTimeout(gone, withinMs);
    socket.on('pong', heard).on('message', heard).once('close', gone);
    socket.ping();
  });
}
