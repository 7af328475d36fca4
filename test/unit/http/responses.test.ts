import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { MAX_BUFFERED_BYTES, type HttpRequestParams } from '../../../src/http';
import { answering, eagerServer, rawServer, refused, reply, send, until } from './support';

const get = (url: string, params: Partial<HttpRequestParams> = {}) => send({ method: 'GET', url, ...params });

const CUT = 'failed to read http/request response body: error decoding response body: ';

describe('http: responses', () => {
  it('gives headers in lower case, in order, with repeats, without what is no text', async () => {
    const server = await answering(
      reply(
        200,
        ['X-B: 1', 'x-a: 2', 'X-b:  3\t', 'Bin: \xc3\xa9', 'Tab: a\tb', 'Set-Cookie: a', 'Set-Cookie: b'],
        'hi',
      ),
    );
    const { headers, body, status } = await get(server.url);
    assert.deepEqual(
      headers.map(({ name, value }) => [name, value]),
      [
        ['x-b', '1'],
        ['x-a', '2'],
        ['x-b', '3'],
        ['tab', 'a\tb'],
        ['set-cookie', 'a'],
        ['set-cookie', 'b'],
        ['content-length', '2'],
      ],
    );
    assert.deepEqual([status, body.toString()], [200, 'hi']);
  });

  const wholes: [name: string, text: string, status: number, body: string][] = [
    ['an error status', reply(500, [], 'x'), 500, 'x'],
    ['an unheard-of status', reply(999), 999, ''],
    ['no body', 'HTTP/1.1 204 No\r\n\r\n', 204, ''],
    ['304 with a length', 'HTTP/1.1 304 No\r\nContent-Length: 10\r\n\r\n', 304, ''],
    ['a body to the end of the connection', 'HTTP/1.1 200 OK\r\n\r\nabc', 200, 'abc'],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nabc', 200, 'abc'],
    [
      'chunks and trailers',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\nX: y\r\n\r\n',
      200,
      'abc',
    ],
    ['a compressed body, as it is', reply(200, ['Content-Encoding: gzip'], 'abc'), 200, 'abc'],
    ['more than the length says', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef', 200, 'abc'],
    [
      'early hints before it',
      `HTTP/1.1 100 C\r\n\r\nHTTP/1.1 103 H\r\nLink: x\r\n\r\n${reply(200, [], 'x')}`,
      200,
      'x',
    ],
    ['another protocol', 'HTTP/1.1 101 S\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nabc', 101, ''],
    [
      '150 headers',
      reply(
        200,
        Array.from({ length: 150 }, (_, n) => `h${n}: v`),
      ),
      200,
      '',
    ],
    ['a header of 100 KB', reply(200, [`x: ${'y'.repeat(100_000)}`]), 200, ''],
  ];
  for (const [name, text, status, body] of wholes) {
    it(`takes ${name}`, async () => {
      const server = await answering(text);
      const response = await get(server.url);
      assert.deepEqual([response.status, response.body.toString()], [status, body]);
      await until(() => server.sockets.size === 0);
    });
  }

  it('takes HEAD with a length and CONNECT', async () => {
    const server = await answering('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n');
    assert.equal((await get(server.url, { method: 'HEAD' })).body.length, 0);
    assert.equal((await get(server.url, { method: 'CONNECT' })).status, 200);
    assert.match(server.requests[1]!, /^CONNECT 127\.0\.0\.1:\d+ HTTP\/1\.1\r\naccept: \*\/\*\r\nhost: 127/);
  });

  it('takes bytes of every value and bodies of many blocks', async () => {
    const bytes = Buffer.alloc(3_000_000, Buffer.from(Array.from({ length: 251 }, (_, n) => n)));
    const server = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.end(bytes);
    });
    assert.ok((await get(server.url)).body.equals(bytes));
  });

  const cuts: [name: string, answer: (socket: Socket) => void, message: string][] = [
    [
      'a body shorter than its length',
      (s) => s.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'),
      'the connection closed before the body was complete',
    ],
    [
      'a reset',
      (s) =>
        s.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc', () =>
          setTimeout(() => s.resetAndDestroy(), 50),
        ),
      'the connection closed before the body was complete',
    ],
    [
      'chunks without an end',
      (s) => s.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'),
      'the connection closed before the body was complete',
    ],
  ];
  for (const [name, answer, message] of cuts) {
    it(`tells of ${name}`, async () => {
      const server = await rawServer(answer);
      await refused(get(server.url), 'failed', CUT + message);
      await until(() => server.sockets.size === 0);
    });
  }

  it('tells of broken chunks', async () => {
    const server = await rawServer((s) =>
      s.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n'),
    );
    await refused(get(server.url), 'failed', /^failed to read http\/request response body: error decoding/);
    await until(() => server.sockets.size === 0);
  });

  const bad: [name: string, answer: (socket: Socket) => void][] = [
    ['silence and an end', (s) => s.end()],
    ['a reset', (s) => s.resetAndDestroy()],
    ['garbage', (s) => s.end('garbage\r\n\r\n')],
    ['half a head', (s) => s.end('HTTP/1.1 200 OK\r\nX: y')],
    ['a length that is no number', (s) => s.end('HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nabc')],
    ['two lengths', (s) => s.end('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 2\r\n\r\nabc')],
    ['an endless head', (s) => s.write(`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(600_000)}`)],
  ];
  for (const [name, answer] of bad) {
    it(`tells of ${name} instead of a response`, async () => {
      const server = await rawServer(answer);
      const start = `http/request failed: error sending request for url (${server.url}/?q): `;
      await assert.rejects(get(`${server.url}/?q#f`), (error: Error & { kind: string }) => {
        assert.equal(error.kind, 'failed');
        assert.ok(error.message.startsWith(start) && error.message.length > start.length, error.message);
        return true;
      });
      await until(() => server.sockets.size === 0);
    });
  }

  it('tells of refused connections and unknown hosts, without passwords', async () => {
    const text =
      'http/request failed: error sending request for url (http://127.0.0.1:1/): connect ECONNREFUSED 127.0.0.1:1';
    await refused(get('http://u:secret@127.0.0.1:1/'), 'failed', text);
    await refused(
      get('http://nowhere.invalid/'),
      'failed',
      /url \(http:\/\/nowhere\.invalid\/\): getaddrinfo /,
    );
    const port = await eagerServer(reply(200));
    await refused(get(`https://127.0.0.1:${port}/`), 'failed', /^http\/request failed: error sending .+: .+/);
  });

  it('bounds a buffered body, and hangs up', async () => {
    const server = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const block = Buffer.alloc(4 * 1024 * 1024);
      const more = () => socket.write(block, (error) => error ?? more());
      more();
    });
    const text = `failed to read http/request response body: larger than the limit of ${MAX_BUFFERED_BYTES} bytes; use streamResponse`;
    await refused(get(server.url), 'failed', text);
    await until(() => server.sockets.size === 0);
  });

  it('takes an early answer to an upload that nobody reads', async () => {
    const port = await eagerServer(reply(413, [], 'no'));
    const response = await get(`http://127.0.0.1:${port}`, { method: 'POST', body: Buffer.alloc(8_000_000) });
    assert.equal(response.status, 413);
  });
});
