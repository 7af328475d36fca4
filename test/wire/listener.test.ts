import assert from 'node:assert/strict';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { alive, cmdline, environ, gone } from './procfs.js';
import { both, ours } from './cases.js';
import { request, upgrade } from './rawHttp.js';
import { refused } from './refused.js';
import { launch } from './target.js';

describe('the listener', () => {
  both('listener: the first line on stdout is the URL, and nothing else is ever written there', async (t) => {
    const server = await t.ownServer();
    assert.match(server.stdout, /^ws:\/\/127\.0\.0\.1:\d+(\/\S*)?\n$/);
    const session = await t.session(server);
    await session.run('echo out; echo err >&2');
    session.client.raw('no json');
    await session.client.wait('an error', () => session.client.log.find((m) => m.id === -1));
    await server.stop();
    assert.equal(server.stdout.split('\n').length, 2);
  });

  const URLS: Record<'invalid websocket' | 'unsupported', string[]> = {
    'invalid websocket': [
      'ws://localhost:0',
      'ws://127.0.0.1',
      'ws://127.0.0.1:',
      'ws://127.0.0.1:0/',
      'ws://127.0.0.1:0/x',
      'ws://127.0.0.1:65536',
      'ws://::1:0',
      'ws://user@127.0.0.1:0',
      'ws://',
    ],
    unsupported: ['wss://127.0.0.1:0', 'http://127.0.0.1:0', '127.0.0.1:0', 'stdio:', 'STDIO', ''],
  };
  for (const [fault, urls] of Object.entries(URLS)) {
    both(
      `listener: ${fault} --listen URLs are refused with the text of the reference, status 1`,
      async (t) => {
        t.needsLocal();
        const expected = fault === 'unsupported' ? '`ws://IP:PORT` or `stdio`' : '`ws://IP:PORT`';
        for (const url of urls) {
          const { code, stdout, stderr } = await refused(['--listen', url]);
          assert.deepEqual([code, stdout], [1, ''], url);
          assert.ok(stderr.includes(`: ${fault} --listen URL \`${url}\`; expected ${expected}\n`), stderr);
        }
      },
    );
  }

  both('listener: without --listen it is a free port of 127.0.0.1', async (t) => {
    t.needsLocal();
    const child = await launch([]);
    t.defer(() => child.kill('SIGKILL'));
    const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    assert.match(line.toString(), /^ws:\/\/127\.0\.0\.1:[1-9]\d*(\/\S*)?\n$/);
  });

  both('listener: --help tells every flag on stdout, status 0', async (t) => {
    t.needsLocal();
    const { code, stdout } = await refused(['--help']);
    assert.equal(code, 0);
    const auth = ['auth', 'token-file', 'token-sha256', 'shared-secret-file', 'issuer', 'audience'];
    const flags = ['listen', ...[...auth, 'max-clock-skew-seconds'].map((name) => `ws-${name}`)];
    for (const flag of flags) assert.ok(stdout.includes(`--${flag} `), flag);
  });

  both('listener: a port in use is a clear error and a non-zero exit', async (t) => {
    const server = await t.ownServer();
    const { code, stderr } = await refused(['--listen', `ws://127.0.0.1:${server.url.port}`]);
    assert.notEqual(code, 0);
    assert.match(stderr, /in use|EADDRINUSE/);
    assert.equal((await request(server, 'GET', '/readyz')).status, 200);
  });

  both('listener: the end of stdin does not end the server', async (t) => {
    const server = await t.ownServer();
    server.child?.stdin?.end();
    const session = await t.session(server);
    assert.equal(await session.text('echo on'), 'on');
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    both(`listener: ${signal} ends the server with status 0 and its process groups with it`, async (t) => {
      const server = await t.ownServer();
      const session = await t.session(server);
      const pipe = await session.sh('sleep 300 & echo "child=$!"; echo "me=$$"; wait');
      const pty = await session.sh('echo "me=$$"; sleep 300', { tty: true });
      const pids = [await pipe.number('child'), await pipe.number('me'), await pty.number('me')];
      assert.ok(pids.every(alive));
      assert.equal(await server.stop(signal), 0);
      for (const pid of pids) await gone(pid);
    });
  }

  both('listener: an IPv6 literal is taken in brackets', async (t) => {
    if (!Object.values(networkInterfaces()).some((list) => list?.some((i) => i.address === '::1')))
      t.skip('this machine has no ::1');
    const server = await t.ownServer(['--listen', 'ws://[::1]:0']);
    assert.equal(server.url.hostname, '[::1]');
    assert.equal(await (await t.session(server)).text('echo six'), 'six');
  });

  ours('bounds: a shutdown closes connections with code 1001', async (t) => {
    const server = await t.ownServer();
    const session = await t.session(server);
    const proc = await session.sh('trap "" TERM INT HUP; echo "me=$$"; while :; do sleep 0.1; done');
    const pid = await proc.number('me');
    assert.equal(await server.stop(), 0);
    assert.equal(await session.client.closed, 1001);
    await gone(pid);
  });

  ours('gate: a non-loopback address without an auth mode is a start-up error', async (t) => {
    t.needsLocal();
    for (const url of ['ws://0.0.0.0:0', 'ws://[::]:0', 'ws://192.0.2.1:0']) {
      for (const auth of [[], ['--auth', 'none'], ['--auth', 'token']]) {
        const { code, stdout, stderr } = await refused(['--listen', url, ...auth]);
        assert.deepEqual([code, stdout], [1, '']);
        assert.match(stderr, /is not a loopback address: .* Add --ws-auth /);
      }
    }
  });

  ours('gate: the token is 32 random bytes in base64url, new for every server', async (t) => {
    const [one, two] = [await t.ownServer(), await t.ownServer()];
    for (const { token } of [one, two]) {
      assert.match(token, /^[\w-]{43}$/);
      assert.equal(Buffer.from(token, 'base64url').length, 32);
    }
    assert.notEqual(one.token, two.token);
    assert.equal((await upgrade(one, two.url.pathname)).status, 401);
  });

  ours('gate: the token is on stdout only: not in stderr, the command line or a child', async (t) => {
    const server = await t.ownServer();
    await upgrade(server, `/${server.token}x`);
    const session = await t.session(server);
    const env = await session.text('env', { envPolicy: inheritAll });
    assert.match(env, /WIRE_MARK=mark/);
    for (const text of [env, server.stderr, cmdline(server.pid), environ(server.pid)])
      assert.equal(text.includes(server.token), false);
  });
});

const inheritAll = { inherit: 'all', ignoreDefaultExcludes: true, exclude: [], set: {}, includeOnly: [] };
