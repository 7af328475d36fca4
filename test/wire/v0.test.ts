import assert from 'node:assert/strict';
import { ours, type Case } from './cases.js';
import type { Client, Json } from './client.js';
import { gone } from './procfs.js';
import { b64 } from './session.js';
import { EXITED, params, start } from './v0Client.js';

const session = async (t: Case): Promise<Client> => (await t.session()).client;

describe('the early exec-server', () => {
  ours('v0: initialize tells the version of the protocol', async (t) => {
    const { initialized } = await t.session();
    assert.equal(initialized['protocolVersion'], 'exec-server.v0');
  });

  ours('v0: no method before initialize and initialized', async (t) => {
    const client = await t.connect();
    const before = 'client must call initialize before using exec methods';
    assert.deepEqual(await client.fails('command/exec', params('true')), { code: -32600, message: before });
    await client.call('initialize', { clientName: 'x' });
    const between = 'client must send initialized before using exec methods';
    assert.deepEqual(await client.fails('command/exec', params('true')), { code: -32600, message: between });
    assert.deepEqual(await client.fails('initialize', { clientName: 'x' }), {
      code: -32600,
      message: 'initialize may only be sent once per connection',
    });
  });

  ours('v0: sessions are counted for each connection', async (t) => {
    for (const client of [await session(t), await session(t)]) {
      assert.equal((await start(client, 'sleep 60')).id, 'session-1');
      assert.equal((await start(client, 'true')).id, 'session-2');
    }
  });

  ours('v0: a binary frame is taken like a text frame', async (t) => {
    const client = await session(t);
    client.raw(Buffer.from(JSON.stringify({ id: 'b', method: 'command/exec', params: params('true') })));
    assert.deepEqual(await client.settle('b'), { sessionId: 'session-1' });
  });

  ours('v0: output by stream, then the exit, after the answer', async (t) => {
    const client = await session(t);
    const started = await start(client, 'echo out; echo err >&2; exit 7');
    assert.equal(await started.exitCode(), 7);
    assert.deepEqual([started.text('stdout'), started.text('stderr')], ['out\n', 'err\n']);
    const answer = client.log.findIndex((m) => (m.result as Json | undefined)?.['sessionId'] === 'session-1');
    const [first] = started.messages;
    assert.ok(first && answer >= 0 && answer < client.log.indexOf(first));
    for (const { method, params: told = {} } of started.messages) {
      assert.match(method ?? '', /^command\/exec\/(outputDelta|exited)$/);
      const members = method === EXITED ? ['exitCode', 'sessionId'] : ['chunk', 'sessionId', 'stream'];
      assert.deepEqual(Object.keys(told).sort(), members);
    }
  });

  ours('v0: writes are answered before the terminal is read', async (t) => {
    const client = await session(t);
    const { id } = await start(client, 'exec sleep 60', { tty: true });
    const chunk = b64(`${'x'.repeat(1000)}\n`);
    for (let i = 0; i < 60; i++) {
      const answer = await client.call('command/exec/write', { sessionId: id, chunk });
      assert.deepEqual(answer, { accepted: true });
    }
    assert.deepEqual(await client.call('command/exec/terminate', { sessionId: id }), { running: true });
  });

  ours('v0: env is exact, cwd native, arg0 honoured', async (t) => {
    const client = await session(t);
    for (const tty of [false, true]) {
      const argv = ['/bin/sh', '-c', 'echo $0 $PWD; exec /usr/bin/env -u PWD -u OLDPWD -u SHLVL -u _'];
      const started = await start(client, '', { argv, env: { A: 'b' }, cwd: '/usr', arg0: 'me', tty });
      assert.equal(await started.exitCode(), 0);
      const lines = started.text().trim().split(/\r?\n/);
      // A terminal gets a SHELL.
      assert.deepEqual(
        lines.filter((line) => !line.startsWith('SHELL=')),
        ['me /usr', 'A=b'],
      );
    }
    for (const cwd of ['usr', 'file:///usr'])
      assert.equal((await client.fails('command/exec', params('true', { cwd }))).code, -32602);
  });

  ours('v0: terminal output is stdout, and write reaches it', async (t) => {
    const client = await session(t);
    const started = await start(client, 'read x; echo "got $x"', { tty: true });
    const write = { sessionId: started.id, chunk: b64('hello\n') };
    assert.deepEqual(await client.call('command/exec/write', write), { accepted: true });
    await started.until('got hello');
  });

  ours('v0: without a terminal stdin is closed', async (t) => {
    const client = await session(t);
    const reader = await start(client, 'cat; echo end');
    await reader.until('end');
    const { id: sessionId } = await start(client, 'sleep 60');
    assert.deepEqual(await client.fails('command/exec/write', { sessionId, chunk: b64('x') }), {
      code: -32600,
      message: `stdin is closed for session ${sessionId}`,
    });
  });

  ours('v0: terminate tells whether it was running; a session is forgotten at its exit', async (t) => {
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

  ours('v0: output may follow the exit', async (t) => {
    const started = await start(await session(t), '(sleep 0.3; echo late) & exit 0');
    await started.exitCode();
    assert.equal(await started.until('late'), 'late\n');
  });

  ours('v0: params that do not fit are -32602, spawn failures -32603', async (t) => {
    const client = await session(t);
    assert.deepEqual(await client.fails('command/exec', params('', { argv: [] })), {
      code: -32602,
      message: 'argv must not be empty',
    });
    for (const more of [{ tty: null }, { env: null }, { argv: 'x' }, { cwd: 7 }])
      assert.equal((await client.fails('command/exec', params('', more))).code, -32602);
    for (const tty of [false, true]) {
      assert.deepEqual(await client.fails('command/exec', params('', { argv: ['/no/such'], tty })), {
        code: -32603,
        message: 'No such file or directory (os error 2)',
      });
    }
    assert.equal((await client.fails('command/exec/write', { sessionId: 'x', chunk: '!' })).code, -32602);
    assert.deepEqual(await client.fails('command/exec/write', { sessionId: 'x', chunk: '' }), {
      code: -32600,
      message: 'unknown session id x',
    });
  });

  ours('v0: processes are killed at once when the connection ends', async (t) => {
    const client = await session(t);
    const started = await start(client, 'trap "" HUP TERM; sleep 60 & echo $! $$; wait');
    const pids = (await started.until('\n')).trim().split(' ').map(Number);
    await client.drop();
    for (const pid of pids) await gone(pid);
  });
});
