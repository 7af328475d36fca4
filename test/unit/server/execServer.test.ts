import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import {
  describeEnvironment,
  ExecServer,
  type ExecServerOptions,
  type ServerLimits,
} from '../../../src/server';
import { FakeClock } from '../../support/clock';
import { FakeBackend, silent, SURROUNDINGS } from './fakes';

interface Answer {
  id?: unknown;
  result?: Record<string, unknown>;
  error?: { code: number; message: string };
}

const info = describeEnvironment({ executorVersion: '0', surroundings: SURROUNDINGS });

/** A server of fake processes, and what a client needs. */
async function serve(
  limits: Partial<ServerLimits> = {},
  auth: ExecServerOptions['auth'] = { type: 'token' },
) {
  const backend = new FakeBackend();
  const log: string[] = [];
  const keep = (message: string): unknown => log.push(message);
  const options = { host: '127.0.0.1', port: 0, auth, backend, environmentInfo: () => info, limits };
  const server = await ExecServer.listen({
    ...options,
    log: { debug: keep, info: keep, warn: keep, error: keep },
  });
  servers.push(server);
  return { server, backend, log };
}

const servers: ExecServer[] = [];
const sockets: WebSocket[] = [];

async function dial(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  sockets.push(socket);
  await once(socket, 'open');
  return socket;
}

let lastId = 0;
async function call(socket: WebSocket, method: string, params?: unknown): Promise<Answer> {
  const id = ++lastId;
  socket.send(JSON.stringify({ id, method, params }));
  for (;;) {
    const [data] = (await once(socket, 'message')) as [Buffer];
    const answer = JSON.parse(data.toString()) as Answer;
    if (answer.id === id) return answer;
  }
}

async function closeOf(socket: WebSocket): Promise<[number, string]> {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return [code, reason.toString()];
}

const hello = (socket: WebSocket, resumeSessionId?: unknown): Promise<Answer> =>
  call(socket, 'initialize', { clientName: 'test', resumeSessionId });

const START = { processId: 'p', argv: ['x'], cwd: 'file:///', env: {}, tty: false };

describe('ExecServer', () => {
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  it('has a URL with its token, and one without for screens; the log has no token', async () => {
    const { server, log } = await serve();
    assert.equal(server.url, `ws://127.0.0.1:${server.port}/${server.token}`);
    assert.equal(server.maskedUrl, `ws://127.0.0.1:${server.port}/…`);
    await hello(await dial(server.url));
    assert.ok(log.length >= 2);
    assert.equal(log.join('\n').includes(server.token ?? 'none'), false);
  });

  it('has a URL without a path when no token is asked for', async () => {
    const { server } = await serve({}, { type: 'none' });
    assert.equal(server.url, `ws://127.0.0.1:${server.port}`);
    assert.equal(server.token, undefined);
    await dial(server.url);
  });

  it('says in a sentence that a port is in use', async () => {
    const { server } = await serve();
    const { port } = server;
    const options = { host: '127.0.0.1', port, auth: { type: 'none' } as const, backend: new FakeBackend() };
    await assert.rejects(ExecServer.listen({ ...options, environmentInfo: () => info, log: silent }), {
      message: `Port ${port} on 127.0.0.1 is already in use. Choose another port, or 0 for any free one.`,
    });
  });

  it('lists its clients and tells when they change', async () => {
    const { server } = await serve();
    let changes = 0;
    server.on('clients', () => changes++);
    const socket = await dial(server.url);
    const { result } = await hello(socket);
    const [client] = server.clients;
    assert.deepEqual(client, {
      id: result?.['sessionId'],
      name: 'test',
      connected: true,
      since: client?.since,
      endsAt: null,
    });
    socket.terminate();
    while (server.clients[0]?.connected) await sleep(5);
    assert.equal(changes, 2);
  });

  it('with a new token: every connection is closed, sessions are over, the old URL is dead', async () => {
    const { server, backend } = await serve();
    const old = server.url;
    const socket = await dial(old);
    const { result } = await hello(socket);
    socket.send('{"method":"initialized"}');
    await call(socket, 'process/start', START);
    const closed = closeOf(socket);
    await server.renewToken();
    assert.deepEqual(await closed, [1001, 'token renewed']);
    assert.notEqual(server.url, old);
    assert.deepEqual(server.clients, []);
    assert.deepEqual(backend.processes[0]?.stops, [{ from: 'terminate', graceMs: 1000, by: 'shutdown' }]);
    const refused = new WebSocket(old);
    const [error] = (await once(refused, 'error')) as [Error];
    assert.match(error.message, /401/);
    const { error: unknown } = await hello(await dial(server.url), result?.['sessionId']);
    assert.deepEqual(unknown, {
      code: -32600,
      message: `unknown session id ${String(result?.['sessionId'])}`,
    });
  });

  it('on close: 1001, a resume meets -32600 while processes end, then nothing listens', async () => {
    using clock = new FakeClock();
    const { server, backend } = await serve({ shutdownMs: 300 });
    const socket = await dial(server.url);
    const { result } = await hello(socket);
    socket.send('{"method":"initialized"}');
    await call(socket, 'process/start', START);
    const [process] = backend.processes;
    if (process) process.stop = () => new Promise(() => undefined);
    const code = closeOf(socket);
    const closing = server.close();
    assert.equal((await code)[0], 1001);
    const again = await dial(server.url);
    assert.equal((await hello(again, result?.['sessionId'])).error?.code, -32600);
    assert.match((await hello(again)).error?.message ?? '', /shutting down/);
    let isClosed = false;
    void closing.then(() => (isClosed = true));
    await clock.pass(299);
    assert.equal(isClosed, false);
    await clock.pass(1);
    await closing;
    const [error] = (await once(new WebSocket(server.url), 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNREFUSED');
  });

  it('closes a connection that does not initialize in time', async () => {
    using clock = new FakeClock();
    const { server } = await serve({ initializeMs: 30 });
    const [socket, late] = [await dial(server.url), await dial(server.url)];
    await hello(socket);
    const end = closeOf(late);
    await clock.pass(30);
    assert.deepEqual(await end, [1008, 'no initialize within 0.03 s']);
    await clock.pass(30);
    assert.deepEqual(await call(socket, 'nonsense').then(({ error }) => error?.code), -32601);
  });

  it('drops sockets that are slow with their request', async () => {
    const { server } = await serve({ httpHandshakeMs: 30 });
    const silentSocket = connect(server.port, '127.0.0.1');
    const slow = connect(server.port, '127.0.0.1');
    slow.write('GET / HTTP/1.1\r\nHost: ');
    await Promise.all([once(silentSocket.resume(), 'close'), once(slow.resume(), 'close')]);
  });

  it('refuses one connection too many with 503, and takes the next when one has left', async () => {
    const { server } = await serve({ connections: 1 });
    const first = await dial(server.url);
    const [error] = (await once(new WebSocket(server.url), 'error')) as [Error];
    assert.match(error.message, /503/);
    first.terminate();
    // The server hears of the end a little later.
    while (!(await dial(server.url).catch(() => undefined)));
  });

  it('pings', async () => {
    using clock = new FakeClock();
    const { server } = await serve({ pingEveryMs: 20 });
    const socket = await dial(server.url);
    let pings = 0;
    socket.on('ping', () => pings++);
    for (let expected = 1; expected <= 3; expected++) {
      await clock.pass(20);
      await clock.until(() => pings === expected, `ping ${expected}`);
    }
  });

  it('closes with 1009 on a message that is too large', async () => {
    const { server } = await serve({ messageBytes: 1000 });
    const socket = await dial(server.url);
    socket.send('x'.repeat(2000));
    assert.equal((await closeOf(socket))[0], 1009);
  });

  it('passes on what a start says, and who owns the process', async () => {
    const { server, backend } = await serve();
    const socket = await dial(server.url);
    const { result } = await hello(socket);
    socket.send('{"method":"initialized"}');
    const answer = await call(socket, 'process/start', {
      ...START,
      arg0: null,
      envPolicy: null,
      argv: ['missing'],
    });
    assert.deepEqual(answer.error, { code: -32603, message: 'No such file', data: { kind: 'spawnFailed' } });
    await call(socket, 'process/start', { ...START, arg0: 'y', tty: true, env: { A: 'b' } });
    assert.deepEqual(backend.params[1], {
      processId: 'p',
      // The backend sees that it restricts nothing.
      sandbox: { files: 'all', network: true },
      argv: ['x'],
      cwd: '/',
      env: { A: 'b' },
      tty: true,
      pipeStdin: false,
      arg0: 'y',
      owner: { id: result?.['sessionId'], name: 'test', dialect: 'exec-server' },
    });
  });

  it('holds a process back while its client does not read, and sends everything afterwards', async () => {
    const { server, backend } = await serve({ pauseOutputBytes: 100_000 });
    const socket = await dial(server.url);
    await hello(socket);
    socket.send('{"method":"initialized"}');
    await call(socket, 'process/start', START);
    const [process] = backend.processes;
    assert.ok(process);
    socket.pause();
    let sent = 0;
    while (!process.isPaused) {
      process.output('x'.repeat(50_000));
      sent++;
      assert.ok(sent < 2000);
      await sleep(0);
    }
    process.exit();
    let received = 0;
    const done = new Promise<void>((resolve) => {
      socket.on('message', (data: Buffer) => {
        const { method } = JSON.parse(data.toString()) as { method: string };
        if (method === 'process/output') received++;
        if (method === 'process/closed') resolve();
      });
    });
    socket.resume();
    await done;
    assert.equal(received, sent);
    assert.equal(process.isPaused, false);
  });
});
