/** What a client makes of messages in an order, or at a moment, that real servers seldom choose. */
import assert from 'node:assert/strict';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import { RpcError } from '../../src/client';
import type { ExecProcessEvent } from '../../src/model';
import { until } from '../unit/process/helpers';
import { sh } from './collect';
import { endOf, outputOf, pageOf, scripted, type Request, type Scripted } from './scriptedServer';

const textOf = (events: readonly ExecProcessEvent[]): string =>
  events.map((event) => (event.type === 'output' ? event.chunk.toString() : event.type)).join(' ');

describe('a client whose server', function () {
  this.timeout(CASE_MS);
  let server: Scripted | undefined;
  let events: ExecProcessEvent[];
  const listener = (event: ExecProcessEvent): void => void events.push(event);
  beforeEach(() => (events = []));
  afterEach(async () => {
    await server?.client[Symbol.asyncDispose]();
    server?.close();
  });

  it('sends output before the answer to the start: it counts', async () => {
    server = await scripted(({ id, method }, send) => {
      if (method !== 'process/start') return;
      send(outputOf('early', 1, 'first'));
      send({ id, result: { processId: 'early' } });
      endOf('early', 2).forEach(send);
    });
    await server.client.start(sh('', { processId: 'early' }), listener);
    await until(() => events.length === 3);
    assert.equal(textOf(events), 'first exited closed');
  });

  it('refuses a start: its id is free, and what comes for it is nobody’s', async () => {
    let starts = 0;
    server = await scripted(({ id, method }, send) => {
      if (method === 'process/terminate') return endOf('again', 2).map(send);
      if (++starts === 1) return send({ id, error: { code: -32603, message: 'no such program' } });
      send(outputOf('again', 1, 'second'));
      send({ id, result: { processId: 'again' } });
    });
    const { client } = server;
    const first: ExecProcessEvent[] = [];
    const params = sh('', { processId: 'again' });
    await assert.rejects(
      client.start(params, (event) => first.push(event)),
      (error) => error instanceof RpcError && error.code === -32603 && error.message === 'no such program',
    );
    await client.start(params, listener);
    await assert.rejects(client.start(params, listener), /process again already exists/);
    assert.deepEqual([first.length, textOf(events), starts], [0, 'second', 2]);
  });

  it('leaves an event out: it is asked for, once', async () => {
    const reads: unknown[] = [];
    server = await scripted(({ id, method, params }, send) => {
      if (method === 'process/read') {
        reads.push(params?.['afterSeq']);
        return send({ id, result: pageOf(2, ['two', 'three'], 4) });
      }
      if (method !== 'process/start') return;
      send({ id, result: { processId: 'gap' } });
      send(outputOf('gap', 1, 'one'));
      send(outputOf('gap', 3, 'three'));
    });
    await server.client.start(sh('', { processId: 'gap' }), listener);
    await until(() => events.length === 3);
    assert.equal(textOf(events), 'one two three');
    assert.deepEqual(reads, [1]);
  });

  it('sends events in another order: they come in theirs, and nothing is asked for', async () => {
    const asked: unknown[] = [];
    server = await scripted(({ id, method }, send) => {
      if (method !== 'process/start') return asked.push(method);
      send({ id, result: { processId: 'mixed' } });
      for (const message of [...endOf('mixed', 3), outputOf('mixed', 2, 'two'), outputOf('mixed', 1, 'one')])
        send(message);
    });
    await server.client.start(sh('', { processId: 'mixed' }), listener);
    await until(() => events.length === 4);
    assert.equal(textOf(events), 'one two exited closed');
    assert.deepEqual(asked, []);
  });

  it('is cut while it starts a process: it is asked until it knows, and the start succeeds', async () => {
    let reads = 0;
    const methods: string[] = [];
    server = await scripted(({ id, method = '' }, send, number, cut) => {
      methods.push(`${String(number)} ${method}`);
      if (number === 1) return cut();
      if (method === 'process/terminate') return endOf('slow', 2).map(send);
      if (++reads === 1) {
        return send({ id, error: { code: -32600, message: 'process id slow is starting' } });
      }
      send({ id, result: pageOf(1, reads === 2 ? ['started'] : [], 2) });
    });
    await server.client.start(sh('', { processId: 'slow' }), listener);
    await until(() => events.length === 1);
    assert.equal(textOf(events), 'started');
    assert.equal(methods.filter((method) => method.endsWith('process/start')).length, 1, methods.join());
  });

  it('has forgotten a process when it is back: that one fails, the others go on', async () => {
    server = await scripted(({ id, method, params }, send, number, cut) => {
      const processId = String(params?.['processId']);
      if (method === 'process/start') return send({ id, result: { processId } });
      if (method === 'process/signal') return number === 1 ? cut() : send({ id, result: {} });
      if (method === 'process/terminate') return endOf(processId, 1).map(send);
      if (processId === 'kept') return send({ id, result: pageOf(1, [], 1) });
      send({ id, error: { code: -32600, message: `unknown process id ${processId}` } });
    });
    const { client } = server;
    const other: ExecProcessEvent[] = [];
    const kept = await client.start(sh('', { processId: 'kept' }), (event) => other.push(event));
    await client.start(sh('', { processId: 'gone' }), listener);
    await assert.rejects(kept.signal('interrupt'), /nobody knows whether it was done/);
    await until(() => events.length === 1);
    const [failed] = events;
    assert.ok(failed?.type === 'failed');
    assert.match(
      failed.message,
      /^exec-server transport disconnected: the server does not know process gone/,
    );
    await kept.signal('interrupt');
    assert.deepEqual(other, []);
  });

  it('asks the client something: it answers that it does not know how, and goes on', async () => {
    const answers: Request[] = [];
    server = await scripted((request, send) => {
      if (request.method === undefined) return answers.push(request);
      send({ id: 'q', method: 'client/ask', params: {} });
      send({ id: request.id, result: {} });
    });
    await server.client.ping();
    await until(() => answers.length === 1);
    assert.equal(answers[0]?.error?.code, -32601);
    await server.client.ping();
  });

  it('tells about itself only when asked: it is asked', async () => {
    const info = { shell: { name: 'zsh', path: '/bin/zsh' }, cwd: 'file:///there' };
    server = await scripted(
      ({ id, method }, send) => {
        if (method === 'environment/info') send({ id, result: info });
      },
      { sessionId: 's' },
    );
    assert.deepEqual(server.client.environmentInfo, info);
  });

  it('never tells about itself: it does without', async () => {
    server = await scripted(
      ({ id, method }, send) => method === 'environment/status' && send({ id, result: {} }),
      { sessionId: 's' },
      { initializeTimeoutMs: 300 },
    );
    assert.equal(server.client.environmentInfo, undefined);
    await server.client.ping();
  });

  it('never tells about itself, and is given up meanwhile', async () => {
    const abort = new AbortController();
    const greeting = { sessionId: 's' };
    const connecting = scripted(() => abort.abort(), greeting, { signal: abort.signal });
    await assert.rejects(connecting, /^ConnectError: cannot connect to ws:.*: the attempt was given up$/);
  });

  it('would end the connection for a message: that one is not sent', async () => {
    server = await scripted(({ id }, send) => send({ id, result: {} }));
    const dataBase64 = 'a'.repeat(61 * 1024 * 1024);
    await assert.rejects(
      server.client.request('fs/writeFile', { dataBase64 }),
      /^RangeError: fs\/writeFile has \d+ characters; the limit is 62914560$/,
    );
    await server.client.ping();
  });
});
