import assert from 'node:assert/strict';
import { ours, type Case } from './cases.js';
import type { Client, Json, Message } from './client.js';
import { alive, gone } from './procfs.js';
import { b64, PATH } from './session.js';

const EXITED = 'command/exec/exited';

function params(script: string, more: Json = {}): Json {
  return { argv: ['/bin/sh', '-c', script], cwd: '/', env: { PATH }, tty: false, ...more };
}

/** A started session and what is told about it. */
class Started {
  constructor(
    readonly client: Client,
    readonly id: string,
  ) {}

  get messages(): Message[] {
    return this.client.log.filter(({ params: told }) => told?.['sessionId'] === this.id);
  }

  text(stream = 'stdout'): string {
    const deltas = this.messages.filter(
      (m) => m.method === 'command/exec/outputDelta' && m.params?.stream === stream,
    );
    return Buffer.concat(deltas.map((m) => Buffer.from(m.params?.chunk ?? '', 'base64'))).toString();
  }

  until(part: string): Promise<string> {
    return this.client.wait(part, () => (this.text().includes(part) ? this.text() : undefined));
  }

  exitCode(): Promise<number> {
    return this.client.wait(
      'the exit',
      () => this.messages.find((m) => m.method === EXITED)?.params?.exitCode,
    );
  }
}

async function start(client: Client, script: string, more: Json = {}): Promise<Started> {
  const { sessionId } = await client.call('command/exec', params(script, more));
  return new Started(client, String(sessionId));
}

const session = async (t: Case): Promise<Client> => (await t.session()).client;

describe('ch 14: the early exec-server', () => {
  ours('ch 14: initialize tells the version of the protocol', async (t) => {
    const { initialized } = await t.session();
    assert.equal(initialized['protocolVersion'], 'exec-server.v0');
  });

  ours('ch 14: no method before initialize and initialized', async (t) => {
    const client = await t.connect();
    const before = 'client must call initialize before using exec methods';
    assert.deepEqual(await client.fails('command/exec', params('true')), { code: -32600, message: before });
    await client.call('initialize', { clientName: 'x' });
    const between = 'client must send initialized before using exec methods';
    assert.deepEqual(await client.fails('command/exec', params('true')), { code: -32600, message: between });
  });

  ours('ch 14: sessions are counted for each connection', async (t) => {
    for (const client of [await session(t), await session(t)]) {
      assert.equal((await start(client, 'sleep 60')).id, 'session-1');
      assert.equal((await start(client, 'true')).id, 'session-2');
    }
  });

  ours('ch 14: output by stream, then the exit, after the answer', async (t) => {
    const client = await session(t);
    const started = await start(client, 'echo out; echo err >&2; exit 7');
    assert.equal(await started.exitCode(), 7);
    assert.deepEqual([started.text('stdout'), started.text('stderr')], ['out\n', 'err\n']);
    const answer = client.log.findIndex((m) => (m.result as Json | undefined)?.['sessionId'] === 'session-1');
    const [first] = started.messages;
    assert.ok(first && answer >= 0 && answer < client.log.indexOf(first));
    assert.deepEqual(Object.keys(started.messages.at(-1)?.params ?? {}).sort(), ['exitCode', 'sessionId']);
  });

  ours('ch 14: env is exact, cwd native, arg0 honoured', async (t) => {
    const client = await session(t);
    const started = await start(client, 'echo $0 $PWD $A', { env: { A: 'b' }, cwd: '/usr', arg0: 'me' });
    await started.exitCode();
    assert.match(started.text(), /\/usr b\n$/);
    for (const cwd of ['usr', 'file:///usr'])
      assert.equal((await client.fails('command/exec', params('true', { cwd }))).code, -32602);
  });

  ours('ch 14: terminal output is stdout, and write reaches it', async (t) => {
    const client = await session(t);
    const started = await start(client, 'read x; echo "got $x"', { tty: true });
    const write = { sessionId: started.id, chunk: b64('hello\n') };
    assert.deepEqual(await client.call('command/exec/write', write), { accepted: true });
    await started.until('got hello');
  });

  ours('ch 14: without a terminal stdin is closed', async (t) => {
    const client = await session(t);
    const reader = await start(client, 'cat; echo end');
    await reader.until('end');
    const { id: sessionId } = await start(client, 'sleep 60');
    assert.deepEqual(await client.fails('command/exec/write', { sessionId, chunk: b64('x') }), {
      code: -32600,
      message: `stdin is closed for session ${sessionId}`,
    });
  });

  ours('ch 14: terminate tells whether it was running; a session is forgotten at its exit', async (t) => {
    const client = await session(t);
    const started = await start(client, 'sleep 60');
    const { id: sessionId } = started;
    assert.deepEqual(await client.call('command/exec/terminate', { sessionId }), { running: true });
    assert.equal(await started.exitCode(), 137);
    assert.deepEqual(await client.call('command/exec/terminate', { sessionId }), { running: false });
    assert.deepEqual(await client.fails('command/exec/write', { sessionId, chunk: '' }), {
      code: -32600,
      message: `unknown session id ${sessionId}`,
    });
    assert.deepEqual(await client.call('command/exec/terminate', { sessionId: 'x' }), { running: false });
  });

  ours('ch 14: output may follow the exit', async (t) => {
    const started = await start(await session(t), '(sleep 0.3; echo late) & exit 0');
    await started.exitCode();
    assert.equal(await started.until('late'), 'late\n');
  });

  ours('ch 14: params that do not fit are -32602, spawn failures -32603', async (t) => {
    const client = await session(t);
    assert.deepEqual(await client.fails('command/exec', params('', { argv: [] })), {
      code: -32602,
      message: 'argv must not be empty',
    });
    for (const more of [{ tty: null }, { env: null }, { argv: 'x' }, { cwd: 7 }])
      assert.equal((await client.fails('command/exec', params('', more))).code, -32602);
    assert.equal((await client.fails('command/exec', params('', { argv: ['/no/such'] }))).code, -32603);
  });

  ours('ch 14: processes are killed at once when the connection ends', async (t) => {
    const client = await session(t);
    const started = await start(client, 'trap "" HUP TERM; sleep 60 & echo $! $$; wait');
    const pids = (await started.until('\n')).trim().split(' ').map(Number);
    await client.drop();
    for (const pid of pids) await gone(pid);
  });

  ours('ch 16: all three dialects on one connection, each with its own notifications', async (t) => {
    const a = await t.session();
    const current = await a.sh('echo a; sleep 60');
    const early = await start(a.client, 'echo b; sleep 60');
    const spawn = { command: ['/bin/echo', 'c'], processHandle: current.id, cwd: '/' };
    assert.deepEqual(await a.client.call('process/spawn', spawn), {});
    const exited = await a.client.wait('the exit', () =>
      a.client.log.find((m) => m.params?.['processHandle'] === current.id),
    );
    assert.equal(exited.params?.['stdout'], 'c\n');
    assert.equal('emittedAtMs' in exited, false);
    await Promise.all([early.until('b'), current.until('a')]);
    assert.equal((await a.client.fails('process/spawn', { ...spawn, tty: null })).code, -32602);
    assert.equal((await a.client.fails('command/unknown', {})).code, -32601);
  });

  ours('ch 16: at the end of the connection (a) lives on and (b) does not', async (t) => {
    const a = await t.session();
    const current = await a.sh('echo pid=$$ ; exec sleep 60');
    const early = await start(a.client, 'echo $$; exec sleep 60');
    const [survivor, victim] = [await current.number('pid'), Number(await early.until('\n'))];
    await a.client.drop();
    await gone(victim);
    assert.equal(alive(survivor), true);
    const again = await t.session(undefined, a.id);
    await again.client.call('process/terminate', { processId: current.id });
  });
});
