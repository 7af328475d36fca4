import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Case } from './cases.js';

/** The URL of a server that says what it likes, behind the first bytes of a request. Is gone when the case ends. */
export async function rude(t: Case, answer: (socket: Socket, request: string) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (data) => answer(socket, data.toString('latin1')));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.defer(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
}
