import assert from 'node:assert/strict';
import { both, ours } from './cases.js';
import { rude } from './rudeServer.js';
import { bodyOf, get, untilDone, web } from './webServer.js';

const FAILED = -32603;
const BODY_FAILED = /^failed to read http\/request response body: ./;
const REQUEST_FAILED = /^http\/request failed: ./;
const MAX_STREAMS = 256;

const head = (...lines: string[]): string =>
  `HTTP/1.1 200 OK\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;

/** What a server may do to its client, and which of the two errors tells about it. */
const BAD: [string, string, RegExp][] = [
  ['no HTTP at all', 'hello\r\n\r\n', REQUEST_FAILED],
  ['nothing before the end', '', REQUEST_FAILED],
  ['half a head', 'HTTP/1.1 200 OK\r\nx:', REQUEST_FAILED],
  ['fewer bytes than Content-Length says', `${head('content-length: 10')}short`, BODY_FAILED],
  ['half a chunk', `${head('transfer-encoding: chunked')}a\r\nhalf`, BODY_FAILED],
  ['chunks without an end', `${head('transfer-encoding: chunked')}4\r\nhalf\r\n`, BODY_FAILED],
  ['a chunk of no size', `${head('transfer-encoding: chunked')}zz\r\nhalf\r\n`, BODY_FAILED],
];

describe('servers with bad manners', () => {
  for (const [what, text, expected] of BAD) {
    both(`http: ${what} is -32603, and the next request is fine`, async (t) => {
      const url = await rude(t, (socket) => socket.end(text));
      const { client } = await t.session();
      const { code, message } = await client.fails('http/request', get(url));
      assert.equal(code, FAILED);
      assert.match(message, expected);
      assert.equal(bodyOf(await client.call('http/request', get((await web(t)).url))), 'hello');
    });
  }

  both('http: more bytes than Content-Length says are cut there', async (t) => {
    const url = await rude(t, (socket) => socket.end(`${head('content-length: 4')}four and more`));
    const { client } = await t.session();
    assert.equal(bodyOf(await client.call('http/request', get(url))), 'four');
    await client.call('http/request', get(url, { requestId: 's', streamResponse: true }));
    const all = await untilDone(client, 's');
    assert.equal(Buffer.concat(all.map(({ data }) => data)).toString(), 'four');
    assert.equal(all.at(-1)?.error, null);
  });

  both('http: two lengths that differ are -32603', async (t) => {
    const url = await rude(t, (socket) =>
      socket.end(`${head('content-length: 4', 'content-length: 9')}four`),
    );
    const { client } = await t.session();
    assert.match((await client.fails('http/request', get(url))).message, REQUEST_FAILED);
  });

  both('http: a server that stalls before its head, in it, or in the body is timed out', async (t) => {
    const { client } = await t.session();
    for (const [text, expected] of [
      ['', REQUEST_FAILED],
      ['HTTP/1.1 200 OK\r\nx: ', REQUEST_FAILED],
      [`${head('content-length: 10')}half`, BODY_FAILED],
    ] as const) {
      const url = await rude(t, (socket) => socket.write(text));
      const { code, message } = await client.fails('http/request', get(url, { timeoutMs: 200 }));
      assert.equal(code, FAILED);
      assert.match(message, expected);
    }
  });

  ours(
    'http: 256 streams that stall; one more names the bound, and others are served',
    async (t) => {
      const url = await rude(t, (socket) => socket.write(`${head('content-length: 10')}half`));
      const { client } = await t.session();
      const stream = (requestId: string) =>
        client.post('http/request', get(url, { requestId, streamResponse: true }));
      const ids = Array.from({ length: MAX_STREAMS }, (_, i) => stream(`s${String(i)}`));
      for (const id of ids) assert.equal((await client.settle(id))['status'], 200);
      const { error } = await client.answer(stream('more'));
      assert.match(error?.message ?? '', /256/);
      const { client: other } = await t.session();
      assert.equal(bodyOf(await other.call('http/request', get((await web(t)).url))), 'hello');
      await client.drop();
      assert.deepEqual(await other.call('environment/status'), { status: 'ready' });
    },
    'the reference has no such bound',
  );
});
