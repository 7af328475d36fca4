import type { WebSocket } from 'ws';

/** A server that is silent for two of these is taken for gone, in ms: nothing else tells of a cut cable. */
export const HEARTBEAT_MS = 20_000;

/** Asks for a sign of life every `everyMs`, and ends a connection that gives none until the next time. */
export function endWhenSilent(socket: WebSocket, everyMs: number): void {
  let heard = true;
  const hear = () => void (heard = true);
  socket.on('pong', hear).on('ping', hear).on('message', hear);
  const timer = setInterval(() => {
    // While nothing is read there is nothing to be heard.
    if (socket.isPaused) heard = true;
    if (!heard) return socket.terminate();
    heard = false;
    socket.ping();
  }, everyMs);
  timer.unref();
  socket.once('close', () => clearInterval(timer));
}
