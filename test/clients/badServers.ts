/** Servers that are no exec-server, on sockets of this machine. */
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

/** Something that listens. */
export interface Bad {
  readonly port: number;
  close(): void;
}

async function listen(server: Server): Promise<Bad> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

/** A port where nothing listens any more. */
export async function closedPort(): Promise<Bad> {
  const server = await listen(createServer());
  server.close();
  return { ...server, close: () => undefined };
}

/** Answers every request as web servers do. */
export const web = (status: number): Promise<Bad> => {
  const server = createHttpServer((_, response) => response.writeHead(status).end('<html>'));
  return listen(server.on('upgrade', (_, socket) => socket.end(`HTTP/1.1 ${String(status)} No\r\n\r\n`)));
};

/** Sends back every byte. */
export const echo = (): Promise<Bad> =>
  listen(createServer((socket) => socket.on('error', () => undefined).pipe(socket)));

/** Takes the connection and says nothing. */
export const mute = (): Promise<Bad> =>
  listen(createServer((socket) => socket.on('error', () => undefined).resume()));

/** A WebSocket server with an answer of its own to what arrives. */
export async function webSocket(answer: (text: string, socket: WebSocket) => void): Promise<Bad> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  server.on('connection', (socket) =>
    socket.on('message', (data: Buffer) => {
      answer(data.toString(), socket);
    }),
  );
  const close = (): void => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, close };
}
