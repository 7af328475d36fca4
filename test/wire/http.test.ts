import assert from 'node:assert/strict';
import { both, ours } from './cases.js';
import { request, upgrade, upgradeHeaders } from './rawHttp.js';

describe('HTTP', () => {
  both('listener: GET and HEAD /readyz answer 200 with an empty body', async (t) => {
    const server = await t.server();
    for (const method of ['GET', 'HEAD']) {
      const { status, body } = await request(server, method, '/readyz');
      assert.deepEqual([status, body], [200, ''], method);
    }
  });

  both('listener: other methods on /readyz answer 405 with allow', async (t) => {
    const server = await t.server();
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const { status, headers } = await request(server, method, '/readyz', { 'Content-Length': '0' });
      assert.equal(status, 405, method);
      assert.deepEqual(headers['allow']?.split(/,\s*/).sort(), ['GET', 'HEAD'], method);
    }
  });

  both('listener: an upgrade on / succeeds with any query', async (t) => {
    const server = await t.openServer();
    for (const path of ['/', '/?', '/?a=b&token=c', '/?%00'])
      assert.equal((await upgrade(server, path)).status, 101, path);
  });

  both('listener: upgrade or GET on any other path answers 404', async (t) => {
    const server = await t.openServer();
    for (const path of ['/x', '//', '/readyz/', '/index.html']) {
      assert.equal((await upgrade(server, path)).status, 404, path);
      assert.equal((await request(server, 'GET', path)).status, 404, path);
    }
  });

  both('listener: GET / without upgrade, with a wrong version or without a key answers 400', async (t) => {
    const server = await t.openServer();
    const bad = [
      await request(server, 'GET', '/'),
      await upgrade(server, '/', { 'Sec-WebSocket-Version': '12' }),
      await upgrade(server, '/', { 'Sec-WebSocket-Version': undefined }),
      await upgrade(server, '/', { 'Sec-WebSocket-Key': undefined }),
      await upgrade(server, '/', { Upgrade: 'h2c' }),
    ];
    for (const [i, { status, body }] of bad.entries()) {
      assert.equal(status, 400, `request ${String(i)}`);
      assert.notEqual(body, '', `request ${String(i)}`);
    }
  });

  both('listener: POST / answers 405', async (t) => {
    const server = await t.openServer();
    assert.equal((await request(server, 'POST', '/', { 'Content-Length': '0' })).status, 405);
    assert.equal(
      (await request(server, 'POST', '/', { ...upgradeHeaders, 'Content-Length': '0' })).status,
      405,
    );
  });

  both('listener: any Origin is refused with 403 and an empty body, whatever it is, wherever', async (t) => {
    const server = await t.server();
    const origins = [`http://${server.url.host}`, 'null', '', 'https://example.org', 'vscode-webview://x'];
    for (const Origin of origins) {
      const answers = [
        await upgrade(server, server.url.pathname, { Origin }),
        await upgrade(server, '/nowhere', { Origin }),
        await request(server, 'GET', '/readyz', { Origin }),
        await request(server, 'GET', '/healthz', { Origin }),
        await request(server, 'POST', '/readyz', { Origin, 'Content-Length': '0' }),
      ];
      for (const { status, body } of answers) assert.deepEqual([status, body], [403, ''], Origin);
    }
  });

  both('listener: no subprotocol and no extension is negotiated', async (t) => {
    const server = await t.server();
    const { status, headers } = await upgrade(server, server.url.pathname, {
      'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits',
      'Sec-WebSocket-Protocol': 'codex, chat',
    });
    assert.equal(status, 101);
    assert.equal(headers['sec-websocket-extensions'], undefined);
    assert.equal(headers['sec-websocket-protocol'], undefined);
    assert.equal(headers['sec-websocket-accept'], 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  });

  both('listener: Authorization is ignored without an auth mode', async (t) => {
    const server = await t.openServer();
    assert.equal((await upgrade(server, '/', { Authorization: 'Bearer nonsense' })).status, 101);
  });

  ours('gate: /healthz answers 200 without a token', async (t) => {
    const { status } = await request(await t.server(), 'GET', '/healthz');
    assert.equal(status, 200);
  });
});
