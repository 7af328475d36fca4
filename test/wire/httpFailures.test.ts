import assert from 'node:assert/strict';
import { both } from './cases.js';
import { bodyOf, get, web } from './webServer.js';

const INVALID = -32602;
const FAILED = -32603;

describe('what http/request refuses and where it ends', () => {
  const refused: [string, Record<string, unknown>, RegExp][] = [
    ['a method that is none', { method: 'A B' }, /^http\/request method is invalid: /],
    ['a relative url', { url: '/a' }, /^http\/request url is invalid: /],
    ['another scheme', { url: 'ftp://x/' }, /^http\/request only supports http and https URLs, got ftp$/],
    ['a header name', { headers: [{ name: 'a b', value: '' }] }, /^http\/request header name is invalid: /],
    [
      'a header value',
      { headers: [{ name: 'X-A', value: 'a\nb' }] },
      /^http\/request header value is invalid for X-A: /i,
    ],
    ['headers: null', { headers: null }, /^invalid type: null/],
    ['redirectPolicy: null', { redirectPolicy: null }, /null|variant|enum/],
    ['streamResponse: null', { streamResponse: null }, /^invalid type: null/],
    ['bad base64', { bodyBase64: '!' }, /^Invalid symbol 33, offset 0\.$/],
    ['no requestId', { requestId: undefined }, /^missing field `requestId`$/],
  ];
  for (const [name, more, text] of refused) {
    both(`http: ${name} is -32602`, async (t) => {
      const { url } = await web(t);
      const { client } = await t.session();
      const { code, message } = await client.fails('http/request', get(url, more));
      assert.equal(code, INVALID);
      assert.match(message, text);
    });
  }

  both('http: redirects are followed, or handed out with stop', async (t) => {
    const { url, seen } = await web(t, (request, response) => {
      if (request.url === '/end') return response.end('there');
      return response.writeHead(302, { location: '/end' }).end();
    });
    const { client } = await t.session();
    assert.equal(bodyOf(await client.call('http/request', get(url))), 'there');
    assert.equal(bodyOf(await client.call('http/request', get(url, { redirectPolicy: 'follow' }))), 'there');
    assert.equal((await client.call('http/request', get(url, { redirectPolicy: 'stop' })))['status'], 302);
    assert.equal(seen.length, 5);
  });

  both('http: ten redirects are followed, an eleventh is -32603', async (t) => {
    const { url } = await web(t, (request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) return response.end('there');
      return response.writeHead(302, { location: `/${String(left - 1)}` }).end();
    });
    const { client } = await t.session();
    assert.equal(bodyOf(await client.call('http/request', get(`${url}/10`))), 'there');
    const { code, message } = await client.fails('http/request', get(`${url}/11`));
    assert.equal(code, FAILED);
    assert.match(message, /^http\/request failed: /);
  });

  both('http: timeoutMs covers the wait for headers and the body; 0 fails at once', async (t) => {
    const { url } = await web(t, (request, response) => {
      if (request.url === '/body') response.write('half');
    });
    const { client } = await t.session();
    for (const [path, timeoutMs, text] of [
      ['/', 0, /^http\/request failed: /],
      ['/', 200, /^http\/request failed: /],
      ['/body', 200, /^failed to read http\/request response body: /],
    ] as const) {
      const { code, message } = await client.fails('http/request', get(url + path, { timeoutMs }));
      assert.equal(code, FAILED);
      assert.match(message, text);
    }
  });
});
