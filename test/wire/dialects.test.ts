import assert from 'node:assert/strict';
import { appServer, AppServer, CLIENT_INFO, spawnParams } from './appServerClient.js';
import { ours } from './cases.js';
import type { Json, Message } from './client.js';
import { alive, gone } from './procfs.js';
import { startParams } from './session.js';
import { params, start } from './v0Client.js';

const EXPERIMENTAL = { clientInfo: CLIENT_INFO, capabilities: { experimentalApi: true } };

describe('one server for all three dialects', () => {
  ours('dialects: the answer to clientName serves both dialects that say it', async (t) => {
    const client = await t.connect();
    const result = await client.call('initialize', { clientName: 'x' });
    assert.deepEqual(Object.keys(result).sort(), ['environmentInfo', 'protocolVersion', 'sessionId']);
  });

  ours('dialects: an initialize without either name is told how it was understood', async (t) => {
    const client = await t.connect();
    assert.deepEqual(await client.fails('initialize', { capabilities: {} }), {
      code: -32602,
      message:
        "missing field `clientName` (understood as an exec-server's initialize; an app-server's has `clientInfo`)",
    });
    assert.ok(await client.call('initialize', EXPERIMENTAL));
  });

  ours('dialects: clientInfo alone makes an app-server of it, clientName beside it does not', async (t) => {
    const [app, exec] = [await t.connect(), await t.connect()];
    assert.equal(typeof (await app.call('initialize', EXPERIMENTAL))['userAgent'], 'string');
    const both = { ...EXPERIMENTAL, clientName: 'x' };
    assert.equal(typeof (await exec.call('initialize', both))['sessionId'], 'string');
  });

  ours('dialects: an initialize that failed leaves the choice open, one that did not is final', async (t) => {
    const client = await t.connect();
    assert.equal((await client.fails('initialize', { clientInfo: {} })).code, -32600);
    assert.equal((await client.fails('initialize', {})).code, -32602);
    await client.call('initialize', EXPERIMENTAL);
    for (const wrong of [EXPERIMENTAL, { ...EXPERIMENTAL, clientName: 'x' }]) {
      assert.deepEqual(await client.fails('initialize', wrong), {
        code: -32600,
        message: 'Already initialized',
      });
    }
    const { client: exec } = await t.session();
    assert.deepEqual(await exec.fails('initialize', { clientName: 'x' }), {
      code: -32600,
      message: 'initialize may only be sent once per connection',
    });
    assert.equal((await exec.fails('initialize', EXPERIMENTAL)).code, -32602);
    await exec.call('environment/status');
  });

  ours('dialects: what has no method name follows the mode', async (t) => {
    const { client: exec } = await t.session();
    const { client: app } = await appServer(t);
    for (const client of [exec, app]) client.raw('{');
    const { error } = await exec.wait('the complaint', () => exec.log.find(({ id }) => id === -1));
    assert.equal(error?.code, -32600);
    assert.equal((await exec.fails('x', {})).code, -32601);
    assert.equal((await app.fails('x', {})).code, -32600);
    const wrong = spawnParams(['true'], { tty: null });
    assert.equal((await exec.fails('process/spawn', wrong)).code, -32602);
    assert.equal((await app.fails('process/spawn', wrong)).code, -32600);
    for (const client of [exec, app]) client.notify('nonsense');
    await exec.closed;
    assert.equal((await app.fails('x', {})).code, -32600);
    assert.equal(
      app.log.some(({ id }) => id === -1),
      false,
    );
  });

  ours('dialects: names that two dialects share are told apart by their params', async (t) => {
    const { client } = await t.session();
    const ofAppServer = { command: ['true'], processId: 'x', cwd: '/' };
    assert.deepEqual(await client.fails('command/exec', ofAppServer), {
      code: -32602,
      message: 'missing field `argv`',
    });
    for (const method of ['command/exec/write', 'command/exec/terminate']) {
      assert.deepEqual(await client.fails(method, { processId: 'x', deltaBase64: '' }), {
        code: -32602,
        message: 'missing field `sessionId`',
      });
    }
    assert.equal((await client.fails('fs/readFile', { path: '/etc/hostname' })).code, -32602);
    assert.equal((await client.fails('process/start', startParams(['true'], { cwd: '/' }))).code, -32602);
  });

  ours('dialects: in the mode of the app-server there is nothing but its own', async (t) => {
    const { client } = await appServer(t);
    for (const [method, more] of [
      ['process/start', startParams(['true'])],
      ['command/exec', params('true')],
      ['fs/readFile', { path: '/etc/hostname' }],
      ['environment/info', {}],
    ] as [string, Json][]) {
      const { code, message } = await client.fails(method, more);
      assert.equal(code, -32600);
      assert.match(message, new RegExp(`^Invalid request: unknown variant \`${method}\``));
    }
  });

  ours('dialects: one id in all three name spaces, and each end is told in its own way', async (t) => {
    const session = await t.session();
    const { client } = session;
    const id = 'session-1';
    const sleeper = 'sleep 60';
    assert.equal((await start(client, sleeper)).id, id);
    await session.sh(sleeper, { processId: id });
    const app = new AppServer(client);
    await app.sh(sleeper, { processHandle: id, timeoutMs: null });
    const exits = (): Message[] => client.log.filter(({ method }) => method?.endsWith('/exited'));

    const steps: [method: string, more: Json, told: Json][] = [
      [
        'process/kill',
        { processHandle: id },
        {
          processHandle: id,
          exitCode: 137,
          outputDrainTimedOut: false,
          stdout: '',
          stdoutCapReached: false,
          stderr: '',
          stderrCapReached: false,
        },
      ],
      ['command/exec/terminate', { sessionId: id }, { sessionId: id, exitCode: 137 }],
      [
        'process/terminate',
        { processId: id },
        { processId: id, seq: 1, exitCode: 137, sandboxDenied: false },
      ],
    ];
    for (const [at, [method, more, told]] of steps.entries()) {
      await client.call(method, more);
      const exit = await client.wait(`the exit after ${method}`, () => exits()[at]);
      assert.deepEqual(exit.params, told);
      assert.equal('emittedAtMs' in exit, false, 'it is for the mode of the app-server');
    }
    assert.equal(exits().length, steps.length);
  });

  ours('dialects: methods of the app-server need no capability beside the others', async (t) => {
    const { client } = await t.session();
    assert.equal((await new AppServer(client).run('echo c'))['stdout'], 'c\n');
  });

  ours('extensions: a terminal that ends by signal N is 128+N in the other dialects too', async (t) => {
    const { client } = await t.session();
    const script = 'kill -TERM $$';
    assert.equal(await (await start(client, script, { tty: true })).exitCode(), 143);
    const exited = await new AppServer(client).run(script, { tty: true });
    assert.equal(exited['exitCode'], 143);
  });

  ours('dialects: at the end of the connection (a) lives on, (b) and (c) do not', async (t) => {
    const a = await t.session();
    const script = 'sleep 60 & echo $$ $!; wait';
    const current = await a.sh(script);
    const early = await start(a.client, script);
    const app = await new AppServer(a.client).sh(script, { timeoutMs: null, streamStdoutStderr: true });
    const pids = (text: string): number[] => text.trim().split(' ').map(Number);
    await current.until(/\n/);
    const survivors = pids(current.text());
    const victims = [...pids(await early.until('\n')), ...pids(await app.until('\n'))];
    assert.equal(victims.length, 4);
    assert.ok([...survivors, ...victims].every(alive));
    await a.client.drop();
    for (const pid of victims) await gone(pid);
    assert.ok(survivors.every(alive));
    const again = await t.session(undefined, a.id);
    await again.client.call('process/terminate', { processId: current.id });
  });
});
