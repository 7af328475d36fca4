/** HTTP by hand, so that nothing is added to or left out of a request. */
import { connect, type Socket } from 'node:net';
import { STEP_MS } from '../../scripts/host/patience.mjs';
import type { Server } from './target.js';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export const upgradeHeaders = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

export function dial(server: Server): Socket {
  const socket = connect(Number(server.url.port), server.url.hostname.replace(/[[\]]/g, ''));
  socket.on('error', () => undefined);
  return socket;
}

/** Sends one request; a header that is undefined is left out. */
export async function request(
  server: Server,
  method: string,
  path: string,
  headers: Record<string, string | undefined> = {},
): Promise<Answer> {
  const all: Record<string, string | undefined> = { Host: server.url.host, ...headers };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  const socket = dial(server);
  socket.write(`${[`${method} ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`);
  try {
    return await readAnswer(socket, method === 'HEAD');
  } finally {
    socket.destroy();
  }
}

/** The same as a websocket upgrade. */
export function upgrade(
  server: Server,
  path: string,
  headers: Record<string, string | undefined> = {},
): Promise<Answer> {
  return request(server, 'GET', path, { ...upgradeHeaders, ...headers });
}

function readAnswer(socket: Socket, noBody: boolean): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`no answer: ${text}`)), STEP_MS);
    const finish = (ended: boolean): void => {
      const answer = parse(text, ended, noBody);
      if (!answer && !ended) return;
      clearTimeout(timer);
      if (answer) resolve(answer);
      else reject(new Error(`connection ended without an answer: ${text}`));
    };
    socket.on('data', (data: Buffer) => {
      text += data.toString('latin1');
      finish(false);
    });
    socket.on('close', () => finish(true));
  });
}

function parse(text: string, ended: boolean, noBody: boolean): Answer | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const status = Number(first.split(' ')[1]);
  const rest = status === 101 ? '' : text.slice(end + 4);
  if (headers['transfer-encoding'] === 'chunked' && !noBody) {
    if (!rest.endsWith('0\r\n\r\n')) return undefined;
    return { status, headers, body: unchunk(rest) };
  }
  const expected = status === 101 || noBody ? 0 : headers['content-length'];
  if (!ended && (expected === undefined || rest.length < Number(expected))) return undefined;
  return { status, headers, body: rest };
}

function unchunk(rest: string): string {
  const length = parseInt(rest, 16);
  const start = rest.indexOf('\r\n') + 2;
  return length > 0 ? rest.slice(start, start + length) + unchunk(rest.slice(start + length + 2)) : '';
}
