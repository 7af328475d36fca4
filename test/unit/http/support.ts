import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { STEP_MS } from '../../../scripts/host/patience.mjs';
import {
  BodyRoom,
  HttpError,
  lookUpHere,
  Network,
  request,
  type BodyDelta,
  type Environment,
  type HttpHost,
  type HttpRequestParams,
  type HttpResponse,
  type HttpStream,
} from '../../../src/http';

/** A host that counts what is held and has no bound. */
export class Host implements HttpHost {
  held = 0;
  readonly network: Network;
  readonly budget = {
    reserve: (bytes: number) => void (this.held += bytes),
    release: (bytes: number) => void (this.held -= bytes),
  };

  constructor(
    readonly env: Environment = {},
    more: Partial<ConstructorParameters<typeof Network>[0]> = {},
  ) {
    this.network = new Network({ env: () => env, lookUp: lookUpHere, ...more });
  }
}

function copyOf(response: HttpResponse): HttpResponse {
  return { ...response, body: Buffer.from(response.body) };
}

/** A buffered request; nothing of it is held afterwards. */
export async function send(
  params: HttpRequestParams,
  host: HttpHost = new Host(),
  signal?: AbortSignal,
): Promise<HttpResponse> {
  try {
    return await request(params, host, new BodyRoom(host.budget), signal, copyOf);
  } finally {
    if (host instanceof Host) assert.equal(host.held, 0);
  }
}

/** Answers one request whose text has come in whole. */
export type Answer = (socket: Socket, path: string) => void;

export interface RawServer {
  readonly url: string;
  readonly port: number;
  /** The requests as they came, byte for byte as latin1. */
  readonly requests: string[];
  /** Connections that are open now. */
  readonly sockets: Set<Socket>;
}

const servers = new Set<{ server: Server; sockets: Set<Socket> }>();

/** A server that speaks as badly as a test wants it to. Gone after the test. */
export async function rawServer(answer: Answer): Promise<RawServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const head = text.indexOf('\r\n\r\n');
      const length = Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? 0);
      const isChunked = /^transfer-encoding: chunked/im.test(text);
      if (head < 0 || text.length < head + 4 + length) return;
      if (isChunked && !text.endsWith('0\r\n\r\n')) return;
      requests.push(text);
      const path = text.split(' ')[1] ?? '';
      text = '';
      answer(socket, path);
    });
  });
  servers.add({ server, sockets });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, requests, sockets };
}

afterEach(async () => {
  for (const { server, sockets } of servers) {
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, 'close');
  }
  servers.clear();
});

/** A server that hangs up with one answer as soon as something comes in, whatever it is. */
export async function eagerServer(text: string): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => socket.end(text));
  });
  servers.add({ server, sockets });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A whole response. */
export function reply(status: number, headers: readonly string[] = [], body = ''): string {
  return [`HTTP/1.1 ${status} X`, ...headers, `Content-Length: ${body.length}`, '', body].join('\r\n');
}

/** A server with one answer for all. */
export function answering(text: string): Promise<RawServer> {
  return rawServer((socket) => socket.end(text, 'latin1'));
}

/** Expects an HttpError of this kind; a string is the whole text. */
export async function refused(
  operation: Promise<unknown>,
  kind: HttpError['kind'],
  message: string | RegExp,
): Promise<void> {
  await assert.rejects(operation, (error: unknown) => {
    assert.ok(error instanceof HttpError, String(error));
    assert.equal(error.kind, kind, error.message);
    if (typeof message === 'string') assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  });
}

/** Waits for something that other parties bring about. */
export async function until(condition: () => boolean, timeoutMs = STEP_MS): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!condition()) {
    assert.ok(Date.now() < end, 'waited in vain');
    await sleep(5);
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Collects deltas, by id. */
export class Deltas {
  readonly all: { id: string; delta: BodyDelta }[] = [];
  readonly listen = (id: string, delta: BodyDelta, _stream: HttpStream): void => {
    this.all.push({ id, delta });
  };

  of(id: string): BodyDelta[] {
    return this.all.filter((each) => each.id === id).map(({ delta }) => delta);
  }

  async whole(id: string): Promise<BodyDelta[]> {
    await until(() => this.of(id).at(-1)?.done === true);
    return this.of(id);
  }
}

/** Checks what is true of every sequence of deltas and gives its bytes. */
export function bytesOf(deltas: readonly BodyDelta[]): Buffer {
  deltas.forEach(({ seq, chunk, done }, index) => {
    const isLast = index === deltas.length - 1;
    assert.equal(seq, index + 1);
    assert.equal(done, isLast);
    if (isLast) assert.equal(chunk.length, 0);
    else assert.ok(chunk.length > 0 && chunk.length <= 1024 * 1024);
  });
  return Buffer.concat(deltas.map(({ chunk }) => chunk));
}
