import { once } from 'node:events';
import { WebSocket } from 'ws';
import { until } from '../process/helpers';

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** A client that has shaken hands: its requests, and the way to hang up. */
export async function dialled(url: string, clientName = 'test') {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  const answers: Answer[] = [];
  socket.on('message', (data: Buffer) => answers.push(JSON.parse(data.toString()) as Answer));
  let lastId = 0;
  const call = async (method: string, params: object): Promise<unknown> => {
    const id = ++lastId;
    const mine = () => answers.find((answer) => answer.id === id);
    socket.send(JSON.stringify({ id, method, params }));
    await until(() => mine() !== undefined, undefined, `the answer to ${method}`);
    return mine()?.result ?? mine()?.error;
  };
  await call('initialize', { clientName });
  socket.send(JSON.stringify({ method: 'initialized' }));
  return { call, hangUp: () => socket.terminate() };
}
