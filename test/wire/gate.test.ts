import assert from 'node:assert/strict';
import { ours } from './cases.js';
import { request, upgrade } from './rawHttp.js';

const MISSING = 'missing websocket bearer token';
const NOT_BEARER = 'invalid authorization header';
const WRONG = 'invalid websocket bearer token';

describe('the gate', () => {
  ours('gate: the token in the path opens, with any query', async (t) => {
    const server = await t.server();
    assert.notEqual(server.token, '');
    for (const query of ['', '?', '?x=y'])
      assert.equal((await upgrade(server, `/${server.token}${query}`)).status, 101);
  });

  ours('gate: the token as Bearer on / opens; the scheme has no case, white space is trimmed', async (t) => {
    const server = await t.server();
    for (const value of [`Bearer ${server.token}`, `bearer ${server.token}`, `BEARER   ${server.token}  `])
      assert.equal((await upgrade(server, '/', { Authorization: value })).status, 101, value);
  });

  ours('gate: no token is 401 with the text of the reference', async (t) => {
    const answer = await upgrade(await t.server(), '/');
    assert.deepEqual([answer.status, answer.body], [401, MISSING]);
    assert.match(answer.headers['content-type'] ?? '', /^text\/plain/);
  });

  ours('gate: another scheme, or none, is 401 with the text of the reference', async (t) => {
    const server = await t.server();
    for (const value of [`Basic ${server.token}`, server.token, 'Bearer']) {
      const { status, body } = await upgrade(server, '/', { Authorization: value });
      assert.deepEqual([status, body], [401, NOT_BEARER], value);
    }
  });

  ours('gate: a wrong Bearer token is 401 with the text of the reference', async (t) => {
    const server = await t.server();
    const { token } = server;
    const flipped = (token.startsWith('A') ? 'B' : 'A') + token.slice(1);
    for (const wrong of ['x', token.slice(0, -1), `${token}x`, flipped, `${token} x`]) {
      const { status, body } = await upgrade(server, '/', { Authorization: `Bearer ${wrong}` });
      assert.deepEqual([status, body], [401, WRONG], wrong);
    }
  });

  ours('gate: a wrong token in the path is 401, whatever it resembles', async (t) => {
    const server = await t.server();
    const { token } = server;
    const paths = [token.slice(0, -1), `${token}x`, `${token}/`, `/${token}`, `x/../${token}x`, 'x', '%00'];
    for (const path of paths) {
      const { status, body } = await upgrade(server, `/${path}`);
      assert.equal(status, 401, path);
      assert.match(body, /^(missing|invalid) websocket bearer token$/, path);
    }
  });

  ours('gate: a token in the query, the user-info or a subprotocol does not count', async (t) => {
    const server = await t.server();
    const { token } = server;
    assert.equal((await upgrade(server, `/?token=${token}`)).status, 401);
    assert.equal((await upgrade(server, '/', { 'Sec-WebSocket-Protocol': token })).status, 401);
    const basic = Buffer.from(`:${token}`).toString('base64');
    assert.equal((await upgrade(server, '/', { Authorization: `Basic ${basic}` })).status, 401);
  });

  ours('gate: Host must be a loopback name or literal with our port, else 403', async (t) => {
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

  ours('gate: a missing Host does not open', async (t) => {
    const server = await t.server();
    const { status } = await upgrade(server, server.url.pathname, { Host: undefined });
    assert.ok(status === 400 || status === 403, String(status));
  });

  ours('gate: Origin is checked before Host, Host before the token', async (t) => {
    const server = await t.server();
    const Host = 'evil.example';
    const Origin = 'https://evil.example';
    const both = await upgrade(server, '/', { Host, Origin });
    assert.deepEqual([both.status, both.body], [403, '']);
    assert.equal((await upgrade(server, '/', { Host })).status, 403);
    assert.equal((await upgrade(server, '/', { Origin })).status, 403);
    assert.equal((await upgrade(server, '/')).status, 401);
  });

  ours('gate: an Origin behind thousands of other header fields is seen', async (t) => {
    const server = await t.openServer();
    const Many = `${'\r\nA:'.repeat(2100)}\r\nOrigin: https://evil.example`;
    assert.equal((await upgrade(server, '/', { Many })).status, 403);
  });

  ours('gate: more header fields than anybody sends are refused, with or without an Origin', async (t) => {
    const server = await t.openServer();
    for (const last of ['', '\r\nOrigin: https://evil.example']) {
      const Many = `${'\r\nA:'.repeat(65_000)}${last}`;
      assert.equal((await upgrade(server, '/', { Many })).status, 431);
    }
  });

  ours('gate: fields that come twice do not open, whichever of them is right', async (t) => {
    const server = await t.server();
    const { host, pathname } = server.url;
    assert.equal((await upgrade(server, pathname, { Host: `${host}\r\nHost: evil.example` })).status, 403);
    const right = `Bearer ${server.token}`;
    for (const Authorization of [
      `${right}\r\nAuthorization: Bearer x`,
      `Bearer x\r\nAuthorization: ${right}`,
    ])
      assert.equal((await upgrade(server, '/', { Authorization })).status, 401);
  });

  ours('gate: /readyz and /healthz need no token, every other path does', async (t) => {
    const server = await t.server();
    assert.equal((await request(server, 'GET', '/readyz')).status, 200);
    assert.equal((await request(server, 'GET', '/healthz')).status, 200);
    for (const path of ['/', '/x', '/readyz/x'])
      assert.equal((await request(server, 'GET', path)).status, 401, path);
  });

  ours('gate: no refusal repeats the token or what was offered as one', async (t) => {
    const server = await t.server();
    const offered = `${server.token}-offered`;
    for (const answer of [
      await upgrade(server, `/${offered}`),
      await upgrade(server, '/', { Authorization: `Bearer ${offered}` }),
    ])
      assert.equal(JSON.stringify(answer).includes(server.token), false);
  });

  ours('gate: with --auth none / opens and other paths are 404; Host and Origin still count', async (t) => {
    const server = await t.openServer();
    assert.equal(server.url.pathname, '/');
    assert.equal((await upgrade(server, '/?x')).status, 101);
    assert.equal((await upgrade(server, '/abc')).status, 404);
    assert.equal((await upgrade(server, '/', { Host: 'evil.example' })).status, 403);
    assert.equal((await upgrade(server, '/', { Origin: 'null' })).status, 403);
  });
});
