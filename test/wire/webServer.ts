/** A web server for cases about `http/request`, and what they do with it. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import type { Case } from './cases.js';
import type { Client, Json } from './client.js';

export interface Seen {
  readonly method: string;
  readonly url: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface Web {
  readonly url: string;
  readonly seen: Seen[];
}

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

/** Gives a server a port; it is closed when the case ends. */
export async function listen(t: Case, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.defer(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** Is gone when the case ends. */
export async function web(t: Case, answer: Answer = (_, response) => response.end('hello')): Promise<Web> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const { method = '', url = '', rawHeaders } = request;
      seen.push({ method, url, rawHeaders, body });
      answer(request, response, body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, seen };
}

export const get = (url: string, more: Json = {}): Json => ({ method: 'GET', url, requestId: 'r', ...more });

export const bodyOf = (result: Json): string =>
  Buffer.from(String(result['bodyBase64']), 'base64').toString();

export interface Delta {
  readonly seq: number;
  readonly data: Buffer;
  readonly done: boolean;
  readonly error: string | null;
}

export function deltas(client: Client, requestId: string): Delta[] {
  return client.log
    .filter(
      ({ method, params }) => method === 'http/request/bodyDelta' && params?.['requestId'] === requestId,
    )
    .map(({ params }) => ({
      seq: Number(params?.seq),
      data: Buffer.from(String(params?.['deltaBase64']), 'base64'),
      done: params?.['done'] === true,
      error: params?.['error'] as string | null,
    }));
}

/** All deltas of a stream, once the last one is there. */
export async function untilDone(client: Client, requestId: string): Promise<Delta[]> {
  await client.wait(`the end of the stream ${requestId}`, () =>
    client.log.findLast(({ params }) => params?.['requestId'] === requestId && params['done'] === true),
  );
  return deltas(client, requestId);
}
