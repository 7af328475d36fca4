import assert from 'node:assert/strict';
import { both } from './cases.js';
import type { Json } from './client.js';
import { rude } from './rudeServer.js';
import { b64 } from './session.js';
import { bodyOf, deltas, get, untilDone, web } from './webServer.js';

const INVALID = -32602;
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

describe('what goes out', () => {
  for (const method of ['get', 'pAtCh', 'MY-OWN', 'OPTIONS', 'HEAD']) {
    both(`http: the method ${method} is sent as it is written`, async (t) => {
      const heads: string[] = [];
      const url = await rude(t, (socket, head) => {
        heads.push(head);
        socket.end(OK);
      });
      const { client } = await t.session();
      const result = await client.call('http/request', get(url, { method }));
      assert.equal(result['status'], 200);
      assert.ok(heads[0]?.startsWith(`${method} / HTTP/1.1\r\n`), heads[0]);
      assert.equal(bodyOf(result), method === 'HEAD' ? '' : 'ok');
    });
  }

  both('http: an accept of the client replaces ours, its user agent and host are sent', async (t) => {
    const { url, seen } = await web(t);
    const { client } = await t.session();
    const headers = [
      { name: 'Accept', value: 'text/plain' },
      { name: 'User-Agent', value: 'me' },
      { name: 'Host', value: 'other.example' },
    ];
    await client.call('http/request', get(url, { headers }));
    const raw = (seen[0]?.rawHeaders ?? []).map((text) => text.toLowerCase());
    for (const [name, value] of [
      ['accept', 'text/plain'],
      ['user-agent', 'me'],
      ['host', 'other.example'],
    ] as const) {
      assert.equal(raw[raw.indexOf(name) + 1], value);
      assert.equal(raw.filter((text) => text === name).length, 1, name);
    }
  });

  both('http: a fragment stays here, spaces and letters beyond ASCII are escaped', async (t) => {
    const { url, seen } = await web(t);
    const { client } = await t.session();
    await client.call('http/request', get(`${url}/a b/\u00e9?c d#fragment`));
    assert.equal(seen[0]?.url, '/a%20b/%C3%A9?c%20d');
  });

  both('http: header values beyond ASCII go out as UTF-8, empty ones too', async (t) => {
    const { url, seen } = await web(t);
    const { client } = await t.session();
    const headers = [
      { name: 'x-a', value: '\u00e9\u2713' },
      { name: 'x-b', value: '' },
    ];
    await client.call('http/request', get(url, { headers }));
    const raw = seen[0]?.rawHeaders ?? [];
    assert.equal(Buffer.from(raw[raw.indexOf('x-a') + 1] ?? '', 'latin1').toString(), '\u00e9\u2713');
    assert.equal(raw[raw.indexOf('x-b') + 1], '');
  });

  const URLS: [string, RegExp][] = [
    ['', /^http\/request url is invalid: relative URL without a base$/],
    ['//host/x', /^http\/request url is invalid: relative URL without a base$/],
    ['http://', /^http\/request url is invalid: empty host$/],
    ['http://[::1', /^http\/request url is invalid: invalid IPv6 address$/],
    ['http://127.0.0.1:99999/', /^http\/request url is invalid: invalid port number$/],
    ['ws://127.0.0.1/', /^http\/request only supports http and https URLs, got ws$/],
    ['file:///etc/passwd', /^http\/request only supports http and https URLs, got file$/],
  ];
  for (const [url, text] of URLS) {
    both(`http: the url "${url}" is -32602`, async (t) => {
      const { client } = await t.session();
      const { code, message } = await client.fails('http/request', get(url));
      assert.equal(code, INVALID);
      assert.match(message, text);
    });
  }

  both('http: control characters in headers, and names that are none, are -32602', async (t) => {
    const { url, seen } = await web(t);
    const { client } = await t.session();
    const bad: Json[] = [
      ...['\0', 'a\rb', 'a\nb', '\u007f', '\u0001'].map((value) => ({ name: 'x-a', value })),
      ...['', 'a:b', 'a b', '\u00e9', 'a\n'].map((name) => ({ name, value: '' })),
    ];
    for (const header of bad) {
      const error = await client.fails('http/request', get(url, { headers: [header] }));
      assert.equal(error.code, INVALID, JSON.stringify(header));
    }
    assert.equal(seen.length, 0);
  });

  const PROTECTED = [
    'OPENAI_API_KEY',
    'CODEX_API_KEY',
    'codex_access_token',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'Azure_Client_Secret',
    'GOOGLE_APPLICATION_CREDENTIALS',
  ];
  for (const valueEnvVar of PROTECTED) {
    both(`http: the variable ${valueEnvVar} is not to be had`, async (t) => {
      const { url } = await web(t);
      const { client } = await t.session();
      const headers = [{ name: 'x-a', value: '', valueEnvVar }];
      assert.deepEqual(await client.fails('http/request', get(url, { headers })), {
        code: INVALID,
        message: `http/request header x-a cannot use executor environment variable ${valueEnvVar}`,
      });
    });
  }

  both('http: a variable that is empty is -32602', async (t) => {
    t.needsLocal();
    const { url } = await web(t);
    const { client } = await t.session();
    const headers = [{ name: 'x-a', value: 'v', valueEnvVar: 'WIRE_EMPTY' }];
    assert.deepEqual(await client.fails('http/request', get(url, { headers })), {
      code: INVALID,
      message: 'http/request header x-a requires a non-empty executor environment variable WIRE_EMPTY',
    });
  });
});

describe('redirects', () => {
  const cases: [number, string, string, string][] = [
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [307, 'POST', 'POST', 'body'],
    [308, 'PUT', 'PUT', 'body'],
  ];
  for (const [status, method, next, body] of cases) {
    both(
      `http: ${String(status)} turns ${method} into ${next}, ${body ? 'with' : 'without'} its body`,
      async (t) => {
        const { url, seen } = await web(t, (request, response) => {
          if (request.url === '/end') return response.end('there');
          return response.writeHead(status, { location: '/end' }).end();
        });
        const { client } = await t.session();
        const params = get(url, { method, bodyBase64: b64('body') });
        assert.equal(bodyOf(await client.call('http/request', params)), 'there');
        assert.deepEqual([seen[1]?.method, seen[1]?.body.toString()], [next, body]);
      },
    );
  }

  both('http: another host gets no credentials of the first', async (t) => {
    const other = await web(t);
    const { url } = await web(t, (_, response) => response.writeHead(302, { location: other.url }).end());
    const { client } = await t.session();
    const headers = ['authorization', 'cookie', 'x-own'].map((name) => ({ name, value: 'v' }));
    await client.call('http/request', get(url, { headers }));
    const names = (other.seen[0]?.rawHeaders ?? []).map((text) => text.toLowerCase());
    assert.deepEqual(
      ['authorization', 'cookie', 'x-own'].map((name) => names.includes(name)),
      [false, false, true],
    );
  });

  both('http: to another scheme is -32603; without a location it is an answer like any other', async (t) => {
    const { url } = await web(t, (request, response) =>
      response.writeHead(302, request.url === '/ftp' ? { location: 'ftp://x/' } : {}).end('no more'),
    );
    const { client } = await t.session();
    const { code, message } = await client.fails('http/request', get(`${url}/ftp`));
    assert.equal(code, -32603);
    assert.match(message, /^http\/request failed: /);
    assert.equal(bodyOf(await client.call('http/request', get(url))), 'no more');
  });
});

describe('what comes back', () => {
  const answers: [string, string, number, string][] = [
    ['without a length, to its end', 'HTTP/1.0 200 OK\r\n\r\nuntil the end', 200, 'until the end'],
    [
      'in chunks, with a trailer',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;x=1\r\nok\r\n0\r\nx-t: 1\r\n\r\n',
      200,
      'ok',
    ],
    [
      'behind 100 and 103',
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n${OK}`,
      200,
      'ok',
    ],
    ['with 204', 'HTTP/1.1 204 No Content\r\n\r\n', 204, ''],
    ['with 304 and a length', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n', 304, ''],
    ['with 500', 'HTTP/1.1 500 Oops\r\ncontent-length: 4\r\n\r\noops', 500, 'oops'],
  ];
  for (const [what, text, status, body] of answers) {
    both(`http: an answer ${what}`, async (t) => {
      const url = await rude(t, (socket) => socket.end(text));
      const { client } = await t.session();
      const result = await client.call('http/request', get(url));
      assert.deepEqual([result['status'], bodyOf(result)], [status, body]);
    });
  }

  both('http: header values that are no text are left out, the others stay', async (t) => {
    const text =
      'HTTP/1.1 200 OK\r\nX-Bytes: \xff\r\nX-Plain: 1\r\nset-cookie: a\r\nSet-Cookie: b\r\ncontent-length: 0\r\n\r\n';
    const url = await rude(t, (socket) => socket.end(Buffer.from(text, 'latin1')));
    const { client } = await t.session();
    assert.deepEqual((await client.call('http/request', get(url)))['headers'], [
      { name: 'x-plain', value: '1' },
      { name: 'set-cookie', value: 'a' },
      { name: 'set-cookie', value: 'b' },
      { name: 'content-length', value: '0' },
    ]);
  });

  both('http: a streamed redirect that is not followed has a body too', async (t) => {
    const { url } = await web(t, (_, response) => response.writeHead(302, { location: '/x' }).end('moved'));
    const { client } = await t.session();
    const more = { streamResponse: true, requestId: '', redirectPolicy: 'stop' };
    assert.equal((await client.call('http/request', get(url, more)))['status'], 302);
    const all = await untilDone(client, '');
    assert.equal(Buffer.concat(all.map(({ data }) => data)).toString(), 'moved');
    assert.equal(deltas(client, '').length, all.length);
  });
});
