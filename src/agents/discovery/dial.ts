import { connect, type Socket } from 'node:net';
import { firstLine, parseHelloAnswer } from './hello';
import type { WindowRecord } from './record';
import { messageOf } from '../../values';

const ANSWER_MS = 10_000;

/**
 * Connects to a door of a window. The socket that resolves is paused, carries the door's bytes from then on, and stays
 * open in one direction when the other has ended. Rejects with a sentence when the window is gone or refuses.
 */
export async function dial(window: WindowRecord, door: string): Promise<Socket> {
  const socket = connect({ path: window.socket, allowHalfOpen: true });
  try {
    socket.write(`${JSON.stringify({ door })}\n`);
    const answer = parseHelloAnswer(await firstLine(socket, ANSWER_MS));
    if (!answer) throw new Error('it answered something else than a door');
    if ('error' in answer) throw new Error(answer.error);
    return socket;
  } catch (error) {
    socket.destroy();
    const why = messageOf(error);
    throw new Error(`Cannot connect to ${window.name} (pid ${window.pid}): ${why}`, { cause: error });
  }
}
