import assert from 'node:assert/strict';
import { ours } from './cases.js';
import { request, upgrade } from './rawHttp.js';

const MISSING = 'missing websocket bearer token';
const NOT_BEARER = 'invalid authorization header';
const WRONG = 'invalid websocket bearer token';

describe('ch 18: the gate', () => {
  ours('ch 18: the token in the path opens, with any query', async (t) => {
    const server = await t.server();
    assert.notEqual(server.token, '');
    for (const query of ['', '?', '?x=y'])
      assert.equal((await upgrade(server, `/${server.token}${query}`)).status, 101);
  });

  ours('ch 18: the token as Bearer on / opens; the scheme has no case, white space is trimmed', async (t) => {
    const server = await t.server();
    for (const value of [`Bearer ${server.token}`, `bearer ${server.token}`, `BEARER   ${server.token}  `])
      assert.equal((await upgrade(server, '/', { Authorization: value })).status, 101, value);
  });

  ours('ch 18: no token is 401 with the text of the reference', async (t) => {
    const answer = await upgrade(await t.server(), '/');
    assert.deepEqual([answer.status, answer.body], [401, MISSING]);
    assert.match(answer.headers['content-type'] ?? '', /^text\/plain/);
  });

  ours('ch 18: another scheme, or none, is 401 with the text of the reference', async (t) => {
    const server = await t.server();
    for (const value of [`Basic ${server.token}`, server.token, 'Bearer']) {
      const { status, body } = await upgrade(server, '/', { Authorization: value });
      assert.deepEqual([status, body], [401, NOT_BEARER], value);
    }
  });

  ours('ch 18: a wrong Bearer token is 401 with the text of the reference', async (t) => {
    const server = await t.server();
    const { token } = server;
    const flipped = (token.startsWith('A') ? 'B' : 'A') + token.slice(1);
    for (const wrong of ['x', token.slice(0, -1), `${token}x`, flipped, `${token} x`]) {
      const { status, body } = await upgrade(server, '/', { Authorization: `Bearer ${wrong}` });
      assert.deepEqual([status, body], [401, WRONG], wrong);
    }
  });

  ours('ch 18: a wrong token in the path is 401, whatever it resembles', async (t) => {
    const server = await t.server();
    const { token } = server;
    const paths = [token.slice(0, -1), `${token}x`, `${token}/`, `/${token}`, `x/../${token}x`, 'x', '%00'];
    for (const path of paths) {
      const { status, body } = await upgrade(server, `/${path}`);
      assert.equal(status, 401, path);
      assert.match(body, /^(missing|invalid) websocket bearer token$/, path);
    }
  });

  ours('ch 18: a token in the query, the user-info or a subprotocol does not count', async (t) => {
    const server = await t.server();
    const { token } = server;
    assert.equal((await upgrade(server, `/?token=${token}`)).status, 401);
    assert.equal((await upgrade(server, '/', { 'Sec-WebSocket-Protocol': token })).status, 401);
    const basic = Buffer.from(`:${token}`).toString('base64');
    assert.equal((await upgrade(server, '/', { Authorization: `Basic ${basic}` })).status, 401);
  });

  ours('ch 18: Host must be a loopback name or literal with our port, else 403', async (t) => {
    const server = await t.server();
    const { port, pathname } = server.url;
    for (const Host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`])
      assert.equal((await upgrade(server, pathname, { Host })).status, 101, Host);
    const bad = [
      `evil.example:${port}`,
      `127.0.0.1.evil.example:${port}`,
      `localhost.evil.example:${port}`,
      `192.168.0.1:${port}`,
      `0.0.0.0:${port}`,
      '127.0.0.1:1',
      'localhost',
      `127.0.0.1:${port}@evil.example`,
      '',
    ];
    for (const Host of bad) assert.equal((await upgrade(server, pathname, { Host })).status, 403, Host);
  });

  ours('ch 18: a missing Host does not open', async (t) => {
    const server = await t.server();
    const { status } = await upgrade(server, server.url.pathname, { Host: undefined });
    assert.ok(status === 400 || status === 403, String(status));
  });

  ours('ch 18: Origin is checked before Host, Host before the token', async (t) => {
    const server = await t.server();
    const Host = 'evil.example';
    const Origin = 'https://evil.example';
    const both = await upgrade(server, '/', { Host, Origin });
    assert.deepEqual([both.status, both.body], [403, '']);
    assert.equal((await upgrade(server, '/', { Host })).status, 403);
    assert.equal((await upgrade(server, '/', { Origin })).status, 403);
    assert.equal((await upgrade(server, '/')).status, 401);
  });

  ours('ch 18: /readyz and /healthz need no token, every other path does', async (t) => {
    const server = await t.server();
    assert.equal((await request(server, 'GET', '/readyz')).status, 200);
    assert.equal((await request(server, 'GET', '/healthz')).status, 200);
    for (const path of ['/', '/x', '/readyz/x'])
      assert.equal((await request(server, 'GET', path)).status, 401, path);
  });

  ours('ch 18: no refusal repeats the token or what was offered as one', async (t) => {
    const server = await t.server();
    const offered = `${server.token}-offered`;
    for (const answer of [
      await upgrade(server, `/${offered}`),
      await upgrade(server, '/', { Authorization: `Bearer ${offered}` }),
    ])
      assert.equal(JSON.stringify(answer).includes(server.token), false);
  });

  ours('ch 18: with --auth none / opens and other paths are 404; Host and Origin still count', async (t) => {
    const server = await t.openServer();
    assert.equal(server.url.pathname, '/');
    assert.equal((await upgrade(server, '/?x')).status, 101);
    assert.equal((await upgrade(server, '/abc')).status, 404);
    assert.equal((await upgrade(server, '/', { Host: 'evil.example' })).status, 403);
    assert.equal((await upgrade(server, '/', { Origin: 'null' })).status, 403);
  });
});
