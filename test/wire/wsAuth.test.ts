import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { STEP_MS } from '../../scripts/host/patience.mjs';
import { answer, secretFile, sha256 } from './wsAuth.js';
import { both, ours, type Case } from './cases.js';
import { cmdline, environ } from './procfs.js';
import { request, upgrade } from './rawHttp.js';
import type { Server } from './target.js';

describe('capability tokens', () => {
  const token = randomBytes(32).toString('base64url');
  const CASES: [string, string | undefined, string][] = [
    ['none', undefined, '401 missing websocket bearer token'],
    ['the right one', `Bearer ${token}`, '101'],
    ['the scheme in other letters, white space around the token', `bEARER    ${token}  `, '101'],
    ['another scheme', `Basic ${token}`, '401 invalid authorization header'],
    ['no scheme', token, '401 invalid authorization header'],
    ['a scheme alone', 'Bearer', '401 invalid authorization header'],
    ['an empty header', '', '401 invalid authorization header'],
    ['no space after the scheme', `Bearer\t${token}`, '401 invalid authorization header'],
    ['a wrong one', 'Bearer x', '401 invalid websocket bearer token'],
    ['one byte more', `Bearer ${token}x`, '401 invalid websocket bearer token'],
    ['one byte less', `Bearer ${token.slice(0, -1)}`, '401 invalid websocket bearer token'],
    ['a word after it', `Bearer ${token} x`, '401 invalid websocket bearer token'],
    ['its digest', `Bearer ${sha256(token)}`, '401 invalid websocket bearer token'],
  ];
  const SOURCES: Record<string, (t: Case) => Promise<string[]>> = {
    '--ws-token-file': async (t) => ['--ws-token-file', await secretFile(t, token)],
    '--ws-token-sha256': async () => ['--ws-token-sha256', ` ${sha256(token).toUpperCase()} `],
  };
  for (const [name, source] of Object.entries(SOURCES)) {
    both(`ws-auth: ${name}: the header decides, with the text of the reference`, async (t) => {
      const server = await t.ownServer(['--ws-auth', 'capability-token', ...(await source(t))]);
      assert.equal(server.url.pathname, '/');
      for (const [what, header, expected] of CASES)
        assert.equal(await answer(server, header), expected, what);
      const { headers } = await upgrade(server, '/');
      assert.match(headers['content-type'] ?? '', /^text\/plain/);
    });
  }

  const guarded = (t: Case): Promise<Server> =>
    t.ownServer(['--ws-auth', 'capability-token', '--ws-token-sha256', sha256(token)]);

  both(
    'ws-auth: a token in the query, the path, the user-info or a subprotocol does not count',
    async (t) => {
      const server = await guarded(t);
      assert.equal(await answer(server, undefined, `/?token=${token}`), '401 missing websocket bearer token');
      assert.match(await answer(server, undefined, `/${token}`), /^404/);
      const { status } = await upgrade(server, '/', { 'Sec-WebSocket-Protocol': token });
      assert.equal(status, 401);
      const basic = Buffer.from(`:${token}`).toString('base64');
      assert.equal(await answer(server, `Basic ${basic}`), '401 invalid authorization header');
      assert.equal(await answer(server, `Bearer ${token}`, '/?a=b'), '101');
    },
  );

  both('ws-auth: /readyz needs no token, and a good one opens no other path', async (t) => {
    const server = await guarded(t);
    assert.equal((await request(server, 'GET', '/readyz')).status, 200);
    for (const header of [undefined, `Bearer ${token}`])
      assert.match(await answer(server, header, '/x'), /^404/);
  });

  both('ws-auth: Origin is refused with 403, also with a good token', async (t) => {
    const server = await guarded(t);
    const Authorization = `Bearer ${token}`;
    for (const Origin of ['https://example.org', 'null', '']) {
      const { status, body } = await upgrade(server, '/', { Authorization, Origin });
      assert.deepEqual([status, body], [403, '']);
    }
  });

  both('ws-auth: a client with the token is served', async (t) => {
    const server = await guarded(t);
    const client = await t.connect(server, { authorization: `Bearer ${token}` });
    assert.match(String((await client.call('initialize', { clientName: 'x' }))['sessionId']), /-/);
  });

  ours(
    'gate: the token shows nowhere: not in the URL, the log, the command line, the environment',
    async (t) => {
      const server = await t.ownServer([
        '--ws-auth',
        'capability-token',
        '--ws-token-file',
        await secretFile(t, token),
      ]);
      await answer(server, `Bearer ${token}`);
      await answer(server, `Bearer ${token}x`);
      const texts = [server.stdout, server.stderr, cmdline(server.pid), environ(server.pid)];
      for (const text of texts) assert.equal(text.includes(token), false);
    },
  );

  ours('gate: on a loopback address Host still counts, before the token', async (t) => {
    const server = await guarded(t);
    const Authorization = `Bearer ${token}`;
    assert.equal((await upgrade(server, '/', { Authorization, Host: 'evil.example' })).status, 403);
  });

  ours('gate: a public address is allowed with it, by any name, and comes with a warning', async (t) => {
    const args = ['--ws-auth', 'capability-token', '--ws-token-sha256', sha256(token)];
    const server = await t.ownServer(['--listen', 'ws://0.0.0.0:0', ...args]);
    assert.match(server.url.href, /^ws:\/\/0\.0\.0\.0:\d+\/$/);
    const Host = 'build.example';
    const Authorization = `Bearer ${token}`;
    assert.equal((await upgrade(server, '/', { Host, Authorization })).status, 101);
    assert.equal((await upgrade(server, '/', { Host })).status, 401);
    assert.equal((await upgrade(server, '/', { Host, Authorization, Origin: 'null' })).status, 403);
    for (const end = Date.now() + STEP_MS; !/TLS/.test(server.stderr) && Date.now() < end;)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.match(server.stderr, /warning: .*TLS/);
  });
});
