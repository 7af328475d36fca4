import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { both, ours, type Case } from './cases.js';
import { b64 } from './session.js';
import { bodyOf, get, web } from './webServer.js';

const INVALID = -32602;
const FAILED = -32603;

describe('http/request', () => {
  both('http: status, headers and body come back', async (t) => {
    const { url } = await web(t, (_, response) => {
      response.writeHead(
        418,
        [
          ['X-One', 'a'],
          ['x-two', 'b'],
          ['X-One', 'c'],
        ].flat(),
      );
      response.end('tea');
    });
    const { client } = await t.session();
    const result = await client.call('http/request', get(url));
    assert.deepEqual([result['status'], bodyOf(result)], [418, 'tea']);
    const headers = result['headers'] as { name: string; value: string }[];
    const own = headers.filter(({ name }) => name.startsWith('x-'));
    assert.deepEqual(
      own.filter(({ name }) => name === 'x-one').map(({ value }) => value),
      ['a', 'c'],
    );
    assert.deepEqual(Object.keys(result).sort(), ['bodyBase64', 'headers', 'status']);
  });

  both('http: the method is used as given, the body goes out', async (t) => {
    const { url, seen } = await web(t);
    const { client } = await t.session();
    for (const method of ['POST', 'PATCH', 'PROPFIND']) {
      const body = Buffer.from([0, 255, 10]);
      await client.call('http/request', get(url, { method, bodyBase64: b64(body) }));
      const last = seen.at(-1);
      assert.deepEqual([last?.method, last?.body], [method, body]);
    }
  });

  both('http: accept is added, no user agent; own headers repeat and keep order', async (t) => {
    const { url, seen } = await web(t);
    const { client } = await t.session();
    const headers = [
      { name: 'X-A', value: '1' },
      { name: 'X-A', value: '2' },
      { name: 'x-b', value: '', valueEnvVar: null },
    ];
    await client.call('http/request', get(`${url}/p?q=1`, { headers }));
    const raw = seen[0]?.rawHeaders ?? [];
    const pairs = raw.flatMap((name, i) =>
      i % 2 === 0 ? [`${name.toLowerCase()}=${raw[i + 1] ?? ''}`] : [],
    );
    assert.equal(seen[0]?.url, '/p?q=1');
    assert.ok(pairs.includes('accept=*/*'), pairs.join());
    assert.ok(!pairs.some((pair) => pair.startsWith('user-agent')), pairs.join());
    assert.deepEqual(
      pairs.filter((pair) => pair.startsWith('x-')),
      ['x-a=1', 'x-a=2', 'x-b='],
    );
  });

  /** The body comes as the server sent it, and with what is needed to decode it. */
  async function isAsItCame(t: Case, coding: string): Promise<void> {
    const { url } = await web(t, (_, response) => {
      response.setHeader('content-encoding', coding);
      response.end('not compressed at all');
    });
    const { client } = await t.session();
    const result = await client.call('http/request', get(url));
    assert.equal(bodyOf(result), 'not compressed at all');
    const headers = result['headers'] as { name: string; value: string }[];
    assert.equal(headers.find(({ name }) => name === 'content-encoding')?.value, coding);
  }

  both('http: bodies are not decompressed', (t) => isAsItCame(t, 'br'));

  ours(
    'http: bodies in gzip and zstd are not decompressed either, nor asked for',
    async (t) => {
      for (const coding of ['gzip', 'zstd']) await isAsItCame(t, coding);
      const { url, seen } = await web(t);
      const { client } = await t.session();
      await client.call('http/request', get(url));
      assert.ok(!seen[0]?.rawHeaders.some((name) => /^accept-encoding$/i.test(name)));
    },
    'the reference does the same until 0.169; 0.171 asks for them and decodes what comes',
  );

  both('http: null is the same as absent for body, time limit and variable', async (t) => {
    const { url } = await web(t);
    const { client } = await t.session();
    const headers = [{ name: 'x-a', value: 'b', valueEnvVar: null }];
    const params = get(url, { bodyBase64: null, timeoutMs: null, headers });
    assert.equal((await client.call('http/request', params))['status'], 200);
  });

  both('http: no connection is -32603', async (t) => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { client } = await t.session();
    const { code, message } = await client.fails('http/request', get(`http://127.0.0.1:${String(port)}/`));
    assert.equal(code, FAILED);
    assert.match(message, /^http\/request failed: /);
  });

  both('http: a body that is cut off is -32603 in other words', async (t) => {
    const { url } = await web(t, (_, response) => {
      response.setHeader('content-length', '10');
      response.write('half');
      setTimeout(() => response.destroy(), 50);
    });
    const { client } = await t.session();
    const { code, message } = await client.fails('http/request', get(url));
    assert.equal(code, FAILED);
    assert.match(message, /^failed to read http\/request response body: /);
  });

  both('http: valueEnvVar appends a variable of the server', async (t) => {
    t.needsLocal();
    const { url, seen } = await web(t);
    const { client } = await t.session();
    const headers = [{ name: 'x-a', value: 'Bearer ', valueEnvVar: 'WIRE_MARK' }];
    await client.call('http/request', get(url, { headers }));
    const raw = seen[0]?.rawHeaders ?? [];
    assert.equal(raw[raw.findIndex((name) => name.toLowerCase() === 'x-a') + 1], 'Bearer mark');
  });

  both('http: a variable that is missing or protected is -32602', async (t) => {
    const { url, seen } = await web(t);
    const { client } = await t.session();
    const wrong: [string, string][] = [
      ['WIRE_NONE', 'http/request header x-a requires executor environment variable WIRE_NONE'],
      ['OpenAI_api_Key', 'http/request header x-a cannot use executor environment variable OpenAI_api_Key'],
    ];
    for (const [valueEnvVar, message] of wrong) {
      const headers = [{ name: 'x-a', value: '', valueEnvVar }];
      const error = await client.fails('http/request', get(url, { headers }));
      assert.deepEqual(error, { code: INVALID, message });
    }
    assert.equal(seen.length, 0);
  });

  both('http: buffered requests may share one id', async (t) => {
    const { url } = await web(t, (_, response) => setTimeout(() => response.end('x'), 100));
    const { client } = await t.session();
    const ids = [1, 2, 3].map(() => client.post('http/request', get(url)));
    for (const id of ids) assert.equal(bodyOf(await client.settle(id)), 'x');
  });

  ours(
    'order: a server that stalls holds up no other request',
    async (t) => {
      const { url } = await web(t, () => undefined);
      const { client } = await t.session();
      client.post('http/request', get(url));
      assert.deepEqual(await client.call('environment/status', {}), { status: 'ready' });
      assert.ok(await client.call('fs/readDirectory', { path: 'file:///' }));
    },
    'the reference answers in turn',
  );

  both('http: the end of the connection hangs up on servers', async (t) => {
    let hungUp: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => (hungUp = resolve));
    const { url, seen } = await web(t, (_, response) => response.once('close', () => hungUp()));
    const { client } = await t.session();
    client.post('http/request', get(url));
    while (seen.length === 0) await delay(5);
    await client.drop();
    await gone;
  });
});
