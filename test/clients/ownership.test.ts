/** A client and what it started: a server of its own, and processes that exist before their start is answered. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DISCONNECTED,
  DisconnectedError,
  ExecServerClient,
  RpcError,
  spawnLocalExecServer,
  type RemoteEvent,
} from '../../src/client';
import { lives, until } from '../unit/process/helpers';
import { webSocket, type Bad } from './badServers';
import { sh } from './collect';
import { ourCommand } from './ends';

describe('a server that the client has spawned', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => void (folder = mkdtempSync(join(tmpdir(), 'owner-'))));
  after(() => rmSync(folder, { recursive: true }));

  /** The command of a server that leaves its process id, with a script before it. */
  function command(name: string, script: string): { program: string; args: string[]; pid: () => number } {
    const file = join(folder, name);
    const args = ['-c', `echo $$ >"${file}"; ${script}`, ourCommand.program, ...ourCommand.args];
    return { program: '/bin/sh', args, pid: () => Number(readFileSync(file, 'utf8')) };
  }

  it('ends with it, and so do the processes there', async () => {
    const { pid, ...own } = command('own', 'exec "$0" "$@"');
    const client = await spawnLocalExecServer(own);
    assert.ok(lives(pid()));
    const events: RemoteEvent[] = [];
    await client.start(sh('sleep 600 & echo $$ $!; wait'), (event) => events.push(event));
    await until(() => events.length > 0);
    const [first] = events;
    assert.ok(first?.type === 'output');
    const there = first.chunk.toString().trim().split(' ').map(Number);
    assert.deepEqual(there.map(lives), [true, true]);
    await client[Symbol.asyncDispose]();
    assert.equal(lives(pid()), false);
    await until(() => !there.some(lives));
    assert.equal(client.state, 'closed');
    await assert.rejects(client.ping(), (error) => {
      assert.ok(error instanceof DisconnectedError);
      assert.equal(error.message, `${DISCONNECTED}: the client was closed`);
      return true;
    });
  });

  it('is killed when it does not care for the end of its input, nor for SIGTERM', async () => {
    const stubborn = `process.on('SIGTERM', () => {});
      setInterval(() => {}, 1000);
      process.stdin.once('data', () => console.log('{"id":0,"result":{"sessionId":"s","environmentInfo":{}}}'));`;
    const own = command('stubborn', `exec "$0" -e '${stubborn.replaceAll("'", `'"'"'`)}'`);
    const client = await spawnLocalExecServer(own);
    assert.ok(lives(own.pid()));
    await client[Symbol.asyncDispose]();
    assert.equal(lives(own.pid()), false);
  });

  it('dies with its last words in every error', async () => {
    const own = command('dies', '"$0" "$@"; echo "out of memory" >&2; exit 9');
    const client = await spawnLocalExecServer(own);
    const ended = new Promise<RemoteEvent>((resolve) => {
      const script = 'kill -9 $PPID; sleep 600';
      client.start(sh(script), (event) => event.type === 'failed' && resolve(event)).catch(() => undefined);
    });
    const event = await ended;
    assert.ok(event.type === 'failed');
    assert.match(
      event.message,
      /^exec-server transport disconnected: the command “.+”: the program ended with status 9; the last it said was “.*out of memory”$/,
    );
    await assert.rejects(client.ping(), { message: event.message });
    assert.equal(client.problem, event.message);
  });
});

describe('a process whose start is not answered yet', function () {
  this.timeout(20_000);
  let server: Bad | undefined;
  afterEach(() => server?.close());

  type Answer = (request: { id: number; method: string }, send: (message: object) => void) => void;

  async function connect(answer: Answer): Promise<ExecServerClient> {
    server = await webSocket((text, socket) => {
      const request = JSON.parse(text) as { id: number; method: string };
      const send = (message: object): void => socket.send(JSON.stringify(message));
      const result = { sessionId: 's', environmentInfo: {} };
      if (request.method === 'initialize') send({ id: request.id, result });
      else answer(request, send);
    });
    return ExecServerClient.connect({ url: `ws://127.0.0.1:${String(server.port)}` });
  }

  const output = (processId: string, seq: number, text: string): object => ({
    method: 'process/output',
    params: { processId, seq, stream: 'stdout', chunk: Buffer.from(text).toString('base64') },
  });

  const end = (processId: string, seq: number): object[] => [
    { method: 'process/exited', params: { processId, seq, exitCode: 0 } },
    { method: 'process/closed', params: { processId, seq: seq + 1 } },
  ];

  it('has the output that overtakes the answer', async () => {
    const client = await connect(({ id, method }, send) => {
      if (method !== 'process/start') return;
      send(output('early', 1, 'first'));
      send({ id, result: { processId: 'early' } });
      end('early', 2).forEach(send);
    });
    const events: RemoteEvent[] = [];
    await client.start(sh('', { processId: 'early' }), (event) => events.push(event));
    await until(() => events.length === 3);
    assert.deepEqual(events, [
      { type: 'output', seq: 1, stream: 'stdout', chunk: Buffer.from('first') },
      { type: 'exited', seq: 2, exitCode: 0 },
      { type: 'closed', seq: 3 },
    ]);
    await client[Symbol.asyncDispose]();
  });

  it('is nothing any more when the start fails: its id is free, and what comes late is nobody’s', async () => {
    let starts = 0;
    const client = await connect(({ id, method }, send) => {
      if (method === 'process/terminate') return end('again', 2).forEach(send);
      if (method !== 'process/start') return;
      if (++starts === 1) return send({ id, error: { code: -32603, message: 'no such program' } });
      send(output('again', 1, 'second'));
      send({ id, result: { processId: 'again' } });
    });
    const first: RemoteEvent[] = [];
    const second: RemoteEvent[] = [];
    const params = sh('', { processId: 'again' });
    await assert.rejects(
      client.start(params, (event) => first.push(event)),
      (error) => error instanceof RpcError && error.code === -32603 && error.message === 'no such program',
    );
    await client.start(params, (event) => second.push(event));
    await assert.rejects(
      client.start(params, () => undefined),
      /process again already exists/,
    );
    assert.deepEqual([first.length, second.length, starts], [0, 1, 2]);
    await client[Symbol.asyncDispose]();
  });
});
