import assert from 'node:assert/strict';
import { answering, refused, send } from './support';

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKS = '2\r\nok\r\n0\r\n\r\n';

describe('http: servers as they are', () => {
  const taken: [name: string, text: string][] = [
    [
      'a length beside chunks, which do not count then',
      `${OK}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n${CHUNKS}`,
    ],
    ['a length before chunks', `${OK}Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`],
    ['chunks twice', `${OK}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`],
    ['no encoding, by name', `${OK}Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nok`],
    ['bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'],
    ['a blank behind the size of a chunk', `${OK}Transfer-Encoding: chunked\r\n\r\n2 \r\nok\r\n0\r\n\r\n`],
    ['a header over two lines', `${OK}X: a\r\n b\r\nContent-Length: 2\r\n\r\nok`],
    ['a second response', `${OK}Content-Length: 2\r\n\r\nok${OK}Content-Length: 2\r\n\r\nno`],
    ['words without a reason', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok'],
  ];
  for (const [name, text] of taken) {
    it(`takes ${name}`, async () => {
      const { url } = await answering(text);
      assert.equal((await send({ method: 'GET', url })).body.toString(), 'ok');
    });
  }

  it('takes a body where there is none for none', async () => {
    for (const status of [204, 304]) {
      const { url } = await answering(`HTTP/1.1 ${status} X\r\nContent-Length: 2\r\n\r\nok`);
      const response = await send({ method: 'GET', url });
      assert.deepEqual([response.status, response.body.length], [status, 0]);
    }
  });

  it('takes thousands of headers, and all of them', async () => {
    const headers = Array.from({ length: 5000 }, (_, at) => `h${at}: v\r\n`).join('');
    const { url } = await answering(`${OK}${headers}Content-Length: 2\r\n\r\nok`);
    assert.equal((await send({ method: 'GET', url })).headers.length, 5001);
  });

  it('takes chunks that end early for a cut, whatever the length beside them says', async () => {
    const { url } = await answering(`${OK}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n5\r\nok`);
    await refused(send({ method: 'GET', url }), 'failed', /body: .+closed before the body was complete$/);
  });

  it('leaves out headers that are no text, and refuses a status that is none', async () => {
    const { url } = await answering(`${OK}X: a\0b\r\nY: a\x01\r\nContent-Length: 2\r\n\r\nok`);
    const { headers } = await send({ method: 'GET', url });
    assert.deepEqual(headers, [{ name: 'content-length', value: '2' }]);
    const none = await answering('HTTP/1.1 099 X\r\nContent-Length: 2\r\n\r\nok');
    await refused(send({ method: 'GET', url: none.url }), 'failed', /: the server answered with status 99$/);
  });

  it('names the bound of a head', async () => {
    const { url } = await answering(`${OK}X: ${'y'.repeat(600_000)}\r\n\r\n`);
    await refused(
      send({ method: 'GET', url }),
      'failed',
      /: the head of the response is larger than the limit of 417792 bytes$/,
    );
  });
});

describe('http: bounds of what is asked', () => {
  const long = 'x'.repeat(70_000);
  const cases: [name: string, url: string, message: RegExp][] = [
    [
      'a URL',
      `http://h/${long}`,
      /^http\/request url is invalid: it has 70009 characters; the limit is 65536$/,
    ],
    [
      'a host',
      `http://${'ü'.repeat(3000)}/`,
      /^http\/request url is invalid: its host has 3000 characters; the limit is 2048$/,
    ],
    ['a host behind a name', `http://u@${'1.'.repeat(3000)}`, /its host has 6000 characters/],
  ];
  for (const [name, url, message] of cases) {
    it(`names the one of ${name}`, () => refused(send({ method: 'GET', url }), 'invalid', message));
  }

  it('lets a long password and a long path pass', async () => {
    const { url } = await answering(`${OK}Content-Length: 2\r\n\r\nok`);
    const full = `${url.replace('//', `//u:${'p'.repeat(5000)}@`)}/${'a'.repeat(5000)}`;
    assert.equal((await send({ method: 'GET', url: full })).status, 200);
  });

  it('names the one of headers, counted with what each costs', async () => {
    const many = Array.from({ length: 40_000 }, () => ({ name: 'h', value: '' }));
    const one = [{ name: 'h', value: 'v'.repeat(2 ** 20) }];
    for (const headers of [many, one]) {
      const limit = /^http\/request headers are invalid: they have \d+ bytes; the limit is 1048576$/;
      await refused(send({ method: 'GET', url: 'http://127.0.0.1:1', headers }), 'invalid', limit);
    }
  });

  it('takes a location that is too long for an answer', async () => {
    const { url } = await answering(
      `HTTP/1.1 302 F\r\nLocation: http://${'%C3%BC'.repeat(9000)}/\r\nContent-Length: 0\r\n\r\n`,
    );
    assert.equal((await send({ method: 'GET', url })).status, 302);
  });
});
