import assert from 'node:assert/strict';
import { readlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { AppServer, CLIENT_INFO } from './appServerClient.js';
import { both, bothApp, ours } from './cases.js';
import { alive, gone } from './procfs.js';
import { refused } from './refused.js';
import { b64, PATH } from './session.js';
import { StdioServer } from './stdioServer.js';

const INITIALIZE = '{"id":"i","method":"initialize","params":{"clientName":"x"}}';
const MALFORMED = /^failed to parse JSON-RPC message from exec-server stdio: ./;

describe('a server on stdin and stdout', () => {
  for (const listen of ['stdio', 'stdio://']) {
    both(`transport: --listen ${listen} serves one client, on stdout nothing but the protocol`, async (t) => {
      const { server, session } = await StdioServer.session(t, listen);
      const pipe = await session.run('echo out; echo err >&2; exit 3');
      assert.deepEqual([pipe.text('stdout'), pipe.text('stderr'), pipe.exitCode], ['out\n', 'err\n', 3]);
      const pty = await session.run('echo "[$(tty)]"', { tty: true });
      assert.match(pty.text(), /^\[\/dev\/pts\/\d+\]\r\n$/);
      const cat = await session.start(['cat'], { pipeStdin: true });
      await cat.write('typed\n');
      await cat.until('typed');
      server.end();
      assert.equal(await server.exit, 0);
      // The client has parsed each line of stdout.
      assert.ok(server.client.log.every((m) => m.id !== undefined || m.method !== undefined));
    });
  }

  both('transport: \\r before the line feed and blank lines are fine', async (t) => {
    const { client } = await StdioServer.start(t);
    client.raw(`\n \t\n\r\n${INITIALIZE}\r\n\n`);
    assert.match(String((await client.settle('i'))['sessionId']), /^[\da-f-]{36}$/);
    assert.equal(client.log.length, 1);
  });

  both('transport: a message may arrive in pieces, and several in one', async (t) => {
    const { client, child } = await StdioServer.start(t);
    const status = (id: number): string => `{"id":${String(id)},"method":"environment/status"}\n`;
    const text = `${INITIALIZE}\n{"method":"initialized"}\n${status(1)}${status(2)}{"id":3,"method":"é`;
    for (const byte of Buffer.from(text)) child.stdin?.write(Buffer.of(byte));
    client.raw('"}');
    for (const id of [1, 2]) assert.deepEqual(await client.settle(id), { status: 'ready' });
    assert.match((await client.answer(3)).error?.message ?? '', /é/);
  });

  both('transport: a malformed line is answered with the text for stdio, and it goes on', async (t) => {
    const { session } = await StdioServer.session(t);
    const { client } = session;
    for (const [n, line] of ['no json', '[]', '{"id":1}'].entries()) {
      client.raw(line);
      const { error } = await client.wait(line, () => client.log.filter((m) => m.id === -1)[n]);
      assert.equal(error?.code, -32600);
      assert.match(error.message, MALFORMED);
    }
    assert.equal(await session.text('echo on'), 'on');
  });

  both('transport: a line that is not UTF-8 ends the server with status 0, and its processes', async (t) => {
    const { server, session } = await StdioServer.session(t);
    const pid = await (await session.sh('echo "me=$$"; sleep 300')).number('me');
    session.client.raw(Buffer.from([0x22, 0xff, 0x22]));
    assert.equal(await server.exit, 0);
    await gone(pid);
  });

  both('transport: the end of input ends the server with status 0, and its processes', async (t) => {
    const { server, session } = await StdioServer.session(t);
    const pipe = await session.sh('sleep 300 & echo "child=$!"; echo "me=$$"; wait');
    const pty = await session.sh('trap "" HUP TERM INT; echo "me=$$"; while :; do sleep 0.1; done', {
      tty: true,
    });
    const pids = [await pipe.number('child'), await pipe.number('me'), await pty.number('me')];
    assert.ok(pids.every(alive));
    server.end();
    assert.equal(await server.exit, 0);
    for (const pid of pids) await gone(pid);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    ours(
      `transport: ${signal} ends the server with status 0, and its processes`,
      async (t) => {
        const { server, session } = await StdioServer.session(t);
        const pid = await (await session.sh('echo "me=$$"; sleep 300')).number('me');
        server.child.kill(signal);
        assert.equal(await server.exit, 0);
        await gone(pid);
      },
      'the reference waits for the end of its stdin',
    );
  }

  both(
    'listener: when it dies by SIGKILL, its output ends and its direct children die with it',
    async (t) => {
      const { server, session } = await StdioServer.session(t);
      const pid = await (await session.sh('echo "me=$$"; exec sleep 300')).number('me');
      server.child.kill('SIGKILL');
      // Not before its last byte: nobody else holds its descriptors.
      assert.equal(await server.client.closed, -1);
      await gone(pid);
    },
  );

  ours(
    'transport: an unterminated last line is taken, and answered before the end',
    async (t) => {
      const server = await StdioServer.start(t);
      server.end(`${INITIALIZE}\n{"method":"initialized"}\n{"id":2,"method":"environment/status"}`);
      assert.equal(await server.exit, 0);
      assert.deepEqual(await server.client.settle(2), { status: 'ready' });
    },
    'the reference ends without that answer',
  );

  ours(
    'transport: a protocol error ends the server with status 0, and its processes',
    async (t) => {
      const { server, session } = await StdioServer.session(t);
      const pid = await (await session.sh('echo "me=$$"; sleep 300')).number('me');
      session.client.notify('no/such');
      assert.equal(await server.exit, 0);
      await gone(pid);
      assert.match(server.stderr, /unexpected notification/);
    },
    'the reference waits for the end of its stdin',
  );

  ours(
    'transport: a reader that goes away ends the server, and its processes',
    async (t) => {
      const { server, session } = await StdioServer.session(t);
      const pid = await (await session.sh('echo "me=$$"; while echo x; do sleep 0.05; done')).number('me');
      server.child.stdout?.destroy();
      assert.equal(await server.exit, 0);
      await gone(pid);
    },
    'the reference waits for the end of its stdin',
  );

  both('start: children get none of the descriptors that the protocol runs over', async (t) => {
    const { server, session } = await StdioServer.session(t);
    const own = [0, 1, 2].map((fd) => readlinkSync(`/proc/${String(server.pid)}/fd/${String(fd)}`));
    assert.ok(
      own.every((target) => /^(pipe|socket):/.test(target)),
      own.join(),
    );
    for (const more of [{}, { pipeStdin: true }, { tty: true }]) {
      const proc = await session.start(['ls', '-l', '/proc/self/fd/'], more);
      await proc.closed();
      assert.match(proc.text(), / 2 -> /);
      for (const target of own) assert.equal(proc.text().includes(target), false, proc.text());
    }
  });

  ours('dialects: v0 runs on it', async (t) => {
    const { session } = await StdioServer.session(t);
    const { client } = session;
    assert.equal(session.initialized['protocolVersion'], 'exec-server.v0');
    const argv = ['/bin/sh', '-c', 'printf v0; exit 4'];
    const { sessionId } = await client.call('command/exec', { argv, cwd: '/', env: { PATH }, tty: false });
    const told = await client.wait('the exit', () =>
      client.log.find((m) => m.method === 'command/exec/exited'),
    );
    assert.deepEqual(told.params, { sessionId, exitCode: 4 });
    const delta = client.log.find((m) => m.method === 'command/exec/outputDelta');
    assert.equal(delta?.params?.chunk, b64('v0'));
  });

  bothApp('app-server: the processes of the app-server run on it, and end with it', async (t) => {
    const server = await StdioServer.start(t, 'stdio://');
    const { client } = server;
    await client.call('initialize', { clientInfo: CLIENT_INFO, capabilities: { experimentalApi: true } });
    client.raw('ignored in this dialect');
    const app = new AppServer(client);
    assert.equal((await app.run('echo c; exit 5'))['exitCode'], 5);
    const handle = await app.sh('echo "me=$$"; sleep 300', { streamStdoutStderr: true });
    const text = await client.wait('the pid', () => /me=(\d+)\n/.exec(handle.text())?.[1]);
    assert.equal(
      client.log.some((m) => m.id === -1),
      false,
    );
    server.end();
    assert.equal(await server.exit, 0);
    await gone(Number(text));
  });

  both('ws-auth: an auth mode cannot be combined with stdio', async (t) => {
    const file = `${await t.dir()}/token`;
    await writeFile(file, 'token');
    t.needsLocal();
    const auth = ['--ws-auth', 'capability-token', '--ws-token-file', file];
    const { code, stdout, stderr } = await refused(['--listen', 'stdio', ...auth]);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /WebSocket auth requires a WebSocket listener, not stdio/);
  });

  ours('gate: nor can --auth', async (t) => {
    t.needsLocal();
    const { code, stderr } = await refused(['--listen', 'stdio', '--auth', 'none']);
    assert.equal(code, 1);
    assert.match(stderr, /requires a WebSocket listener, not stdio/);
  });
});
