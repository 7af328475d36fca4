import assert from 'node:assert/strict';
import { bothApp, ours } from './cases.js';
import { appServer, CLIENT_INFO, spawnParams } from './appServerClient.js';
import { request, upgrade } from './rawHttp.js';
import type { Json } from './client.js';

const TRUE = spawnParams(['/bin/true'], { processHandle: 'h' });
const METHODS: readonly [name: string, params: Json][] = [
  ['process/spawn', TRUE],
  ['process/writeStdin', { processHandle: 'h', closeStdin: true }],
  ['process/resizePty', { processHandle: 'h', size: { rows: 1, cols: 1 } }],
  ['process/kill', { processHandle: 'h' }],
];

describe('the app-server handshake', () => {
  bothApp('app-server: initialize with clientInfo describes the server', async (t) => {
    const { initialized } = await appServer(t);
    assert.deepEqual(Object.keys(initialized).sort(), [
      'codexHome',
      'platformFamily',
      'platformOs',
      'userAgent',
    ]);
    assert.match(String(initialized['platformFamily']), /^(unix|windows)$/);
    assert.match(String(initialized['platformOs']), /^(linux|macos|windows)$/);
  });

  bothApp('app-server: what is unknown in the introduction is ignored', async (t) => {
    const client = await t.connect();
    await client.call('initialize', {
      clientInfo: { ...CLIENT_INFO, title: null, more: 1 },
      capabilities: { experimentalApi: true, optOutNotificationMethods: null, more: {} },
      more: [],
    });
    await client.call('process/spawn', { ...TRUE, more: 1 });
  });

  bothApp('app-server: initialized may follow, and is not needed', async (t) => {
    const { client } = await appServer(t);
    await client.call('process/spawn', TRUE);
    client.notify('initialized');
    await client.call('process/spawn', { ...TRUE, processHandle: 'i' });
  });

  bothApp('app-server: the process methods need experimentalApi', async (t) => {
    for (const capabilities of [undefined, null, {}, { experimentalApi: false }]) {
      const client = await t.connect();
      await client.call('initialize', { clientInfo: CLIENT_INFO, capabilities });
      for (const [method, params] of METHODS) {
        assert.deepEqual(await client.fails(method, params), {
          code: -32600,
          message: `${method} requires experimentalApi capability`,
        });
      }
    }
  });

  bothApp('app-server: before initialize: Not initialized', async (t) => {
    const client = await t.connect();
    for (const [method, params] of METHODS)
      assert.deepEqual(await client.fails(method, params), { code: -32600, message: 'Not initialized' });
  });

  bothApp('app-server: a second initialize: Already initialized', async (t) => {
    const { client } = await appServer(t);
    assert.deepEqual(await client.fails('initialize', { clientInfo: CLIENT_INFO }), {
      code: -32600,
      message: 'Already initialized',
    });
  });

  bothApp('app-server: an initialize that does not fit is -32600, and may be repeated', async (t) => {
    const client = await t.connect();
    const error = await client.fails('initialize', { clientInfo: { name: 'x' } });
    assert.deepEqual(error, { code: -32600, message: 'Invalid request: missing field `version`' });
    assert.ok(await client.call('initialize', { clientInfo: CLIENT_INFO }));
  });

  bothApp('app-server: what is malformed or unexpected is ignored without a reply', async (t) => {
    const { client } = await appServer(t);
    for (const raw of ['{', '7', '[]', 'null', '', '{"id":9}', '{"id":8,"result":{}}']) client.raw(raw);
    client.raw('{"id":8,"error":{"code":1,"message":"x"}}');
    client.notify('nonsense', { a: 1 });
    await client.call('process/spawn', TRUE);
    assert.deepEqual(
      client.log.filter((m) => m.error !== undefined),
      [],
    );
  });

  bothApp('app-server: /readyz and /healthz answer 200, Origin is refused with 403', async (t) => {
    const server = await t.server();
    for (const path of ['/readyz', '/healthz']) {
      assert.equal((await request(server, 'GET', path)).status, 200);
      assert.equal((await request(server, 'GET', path, { Origin: 'null' })).status, 403);
    }
    const { pathname } = server.url;
    assert.equal((await upgrade(server, pathname)).status, 101);
    assert.equal((await upgrade(server, pathname, { Origin: 'http://localhost' })).status, 403);
  });

  ours(
    'app-server: a binary frame is taken like a text frame',
    async (t) => {
      const { client } = await appServer(t);
      client.raw(Buffer.from(JSON.stringify({ id: 'b', method: 'process/spawn', params: TRUE })));
      assert.deepEqual(await client.settle('b'), {});
    },
    'the reference ignores it',
  );

  bothApp('app-server: an unknown method is an unknown variant', async (t) => {
    const { client } = await appServer(t);
    const { code, message } = await client.fails('x/y', {});
    assert.equal(code, -32600);
    assert.match(
      message,
      /^Invalid request: unknown variant `x\/y`, expected one of `initialize`, .*`process\/spawn`/,
    );
  });

  bothApp('app-server: params that do not fit are an invalid request', async (t) => {
    const { client } = await appServer(t);
    for (const [params, text] of [
      [undefined, 'missing field `params`'],
      [null, 'missing field `params`'],
      [{ ...TRUE, tty: null }, 'invalid type: null, expected a boolean'],
      [{ ...TRUE, streamStdin: null }, 'invalid type: null, expected a boolean'],
      [{ ...TRUE, streamStdoutStderr: null }, 'invalid type: null, expected a boolean'],
      [{ ...TRUE, command: undefined }, 'missing field `command`'],
      [{ ...TRUE, command: null }, 'invalid type: null'],
      [{ ...TRUE, processHandle: undefined }, 'missing field `processHandle`'],
      [{ ...TRUE, processHandle: null }, 'invalid type: null'],
      [{ ...TRUE, cwd: undefined }, 'missing field `cwd`'],
      [{ ...TRUE, cwd: null }, 'invalid type: null'],
      [{ ...TRUE, outputBytesCap: -1 }, ''],
      [{ ...TRUE, timeoutMs: 1.5 }, ''],
      [{ ...TRUE, timeoutMs: 1e30 }, ''],
      [{ ...TRUE, env: { A: 7 } }, 'invalid type: '],
      [{ ...TRUE, tty: true, size: { rows: 70000, cols: 1 } }, ''],
    ] as const) {
      const error = await client.fails('process/spawn', params);
      assert.equal(error.code, -32600, error.message);
      assert.ok(error.message.startsWith(`Invalid request: ${text}`), error.message);
    }
  });

  bothApp('app-server: notifications carry emittedAtMs beside params', async (t) => {
    const server = await appServer(t);
    const before = Date.now();
    const handle = await server.sh('echo x', { streamStdoutStderr: true });
    await handle.exited();
    for (const message of handle.messages) {
      const { emittedAtMs = 0 } = message as { emittedAtMs?: number };
      assert.ok(before <= emittedAtMs && emittedAtMs <= Date.now(), String(emittedAtMs));
    }
  });

  bothApp('app-server: notifications that the client opts out of do not come', async (t) => {
    const server = await appServer(t, { optOutNotificationMethods: ['process/outputDelta'] });
    const handle = await server.sh('echo x', { streamStdoutStderr: true });
    await handle.exited();
    assert.equal(handle.deltas.length, 0);
  });
});
