import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { ProxySettings } from '../../../src/http';
import { answering, Host, rawServer, refused, reply, send, type RawServer } from './support';

const HOST = 'http://host.invalid/x?q';

/** Answers with its name; passes CONNECT on to whatever is at `port`. */
function proxy(name = 'proxied', port = 0): Promise<RawServer> {
  return rawServer((socket, path) => {
    if (path.startsWith('deny.')) socket.end(reply(407, ['Proxy-Authenticate: Basic']));
    else if (path.includes('//away')) socket.end(reply(302, ['Location: http://direct.localhost:1/']));
    else if (/^[^/]+:\d+$/.test(path)) {
      const origin = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(origin).pipe(socket);
      });
      origin.on('error', () => socket.destroy());
    } else socket.end(reply(200, [], name));
  });
}

describe('http: proxies', () => {
  const get = (url: string, env: Record<string, string>, settings?: ProxySettings) =>
    send({ method: 'GET', url }, new Host(env, { proxySettings: () => settings }));
  const body = async (url: string, env: Record<string, string>, settings?: ProxySettings) =>
    (await get(url, env, settings)).body.toString();

  it('tells a proxy of http the whole URL, and who asks', async () => {
    const { url, requests } = await proxy();
    const named = url.replace('//', '//us%40er:p%3ass@');
    assert.equal(await body(`${HOST}#f`, { HTTP_PROXY: named }), 'proxied');
    const basic = Buffer.from('us@er:p:ss').toString('base64');
    assert.deepEqual(requests, [
      `GET ${HOST} HTTP/1.1\r\naccept: */*\r\nproxy-authorization: Basic ${basic}\r\nhost: host.invalid\r\n\r\n`,
    ]);
  });

  it('takes the variable of the scheme, upper case first, then that of all; empty is none', async () => {
    const [one, two] = [await proxy('one'), await proxy('two')];
    const all: [Record<string, string>, string][] = [
      [{ http_proxy: one.url }, 'one'],
      [{ HTTP_PROXY: one.url, http_proxy: two.url }, 'one'],
      [{ HTTP_PROXY: one.url, http_proxy: '' }, 'one'],
      [{ ALL_PROXY: two.url }, 'two'],
      [{ all_proxy: two.url, http_proxy: one.url }, 'one'],
      [{ HTTP_PROXY: '', ALL_PROXY: two.url }, 'two'],
      [{ HTTPS_PROXY: one.url, ALL_PROXY: two.url }, 'two'],
      [{ http_proxy: `127.0.0.1:${one.port}` }, 'one'],
      [{ HTTP_PROXY: one.url, REQUEST_METHOD: 'GET', ALL_PROXY: two.url }, 'two'],
    ];
    for (const [env, expected] of all) assert.equal(await body(HOST, env), expected, JSON.stringify(env));
    const direct = await answering(reply(200, [], 'direct'));
    for (const env of [{ HTTP_PROXY: '', http_proxy: one.url }, { https_proxy: one.url }]) {
      assert.equal(await body(direct.url, env), 'direct', JSON.stringify(env));
    }
  });

  const exempt: [list: string, url: string, isDirect: boolean][] = [
    ['*', 'http://127.0.0.1:PORT', true],
    ['127.0.0.1', 'http://127.0.0.1:PORT', true],
    ['127.0.0.2', 'http://127.0.0.1:PORT', false],
    ['10.0.0.0/8, 127.0.0.0/8', 'http://127.0.0.1:PORT', true],
    ['127.0.0.0/33', 'http://127.0.0.1:PORT', false],
    ['127.0.0.0/8', 'http://localhost:PORT', false],
    ['127.0.0.1:PORT', 'http://127.0.0.1:PORT', true],
    ['127.0.0.1:1', 'http://127.0.0.1:PORT', false],
    ['::/0', 'http://127.0.0.1:PORT', false],
    ['localhost', 'http://localhost:PORT', true],
    ['LOCALHOST', 'http://a.localhost:PORT', true],
    ['.localhost', 'http://localhost:PORT', true],
    ['*.localhost', 'http://a.localhost:PORT', true],
    ['xlocalhost', 'http://localhost:PORT', false],
    ['localhost', 'http://xlocalhost:PORT', false],
    ['localhost:PORT', 'http://localhost.:PORT', true],
    ['x localhost', 'http://localhost:PORT', true],
    ['', 'http://localhost:PORT', false],
    ['.', 'http://localhost:PORT', false],
  ];
  for (const [list, url, isDirect] of exempt) {
    it(`goes ${isDirect ? 'around' : 'through'} the proxy to ${url} with NO_PROXY="${list}"`, async () => {
      const direct = await answering(reply(200, [], 'direct'));
      const env = { http_proxy: (await proxy()).url, NO_PROXY: list.replace('PORT', String(direct.port)) };
      const to = url.replace('PORT', String(direct.port));
      assert.equal(await body(to, env), isDirect ? 'direct' : 'proxied');
    });
  }

  it('reads no_proxy where NO_PROXY is not set', async () => {
    const direct = await answering(reply(200, [], 'direct'));
    const env = { http_proxy: (await proxy()).url, no_proxy: '127.0.0.1' };
    assert.equal(await body(direct.url, env), 'direct');
    assert.equal(await body(direct.url, { ...env, NO_PROXY: 'x' }), 'proxied');
  });

  it('asks for a tunnel to https, and tells nobody else who it is', async () => {
    const { url, requests } = await proxy();
    const env = { HTTPS_PROXY: url.replace('//', '//user:secret@') };
    await refused(
      get('https://deny.invalid/', env),
      'failed',
      /: the proxy refuses .+ status 407: it wants other/,
    );
    const basic = Buffer.from('user:secret').toString('base64');
    const line = 'CONNECT deny.invalid:443 HTTP/1.1\r\nHost: deny.invalid:443';
    assert.deepEqual(requests, [`${line}\r\nProxy-Authorization: Basic ${basic}\r\n\r\n`]);
  });

  it('says what is wrong with a proxy, and nothing of its password', async () => {
    const wrong: [string, RegExp][] = [
      ['http://user:secret@127.0.0.1:1', /: the proxy of ALL_PROXY cannot be reached: connect ECONNREFUSED/],
      ['http://user:se#cret@127.0.0.1:1', /: ALL_PROXY is no URL of a proxy$/],
      [
        'socks5://user:secret@127.0.0.1:1',
        /: ALL_PROXY names a socks5 proxy; only http and https are supported$/,
      ],
      [':::secret', /: ALL_PROXY is no URL of a proxy$/],
    ];
    for (const [ALL_PROXY, expected] of wrong) {
      for (const url of [HOST, 'https://host.invalid/']) {
        await refused(get(url, { ALL_PROXY }), 'failed', expected);
        await refused(get(url, { ALL_PROXY }), 'failed', /^(?!.*cret)/);
      }
    }
  });

  it('chooses again after a redirect, and leaves the proxy its credentials', async () => {
    const { url, requests } = await proxy();
    const env = { http_proxy: url.replace('//', '//user:secret@'), NO_PROXY: 'direct.localhost' };
    await refused(
      get('http://away.invalid/', env),
      'failed',
      /direct\.localhost:1\/\): connect ECONNREFUSED/,
    );
    assert.equal(requests.length, 1);
  });

  it('leaves headers of the client as they are', async () => {
    const { url, requests } = await proxy();
    const headers = [{ name: 'Proxy-Authorization', value: 'mine' }];
    await send({ method: 'GET', url: HOST, headers }, new Host({ http_proxy: url.replace('//', '//u:p@') }));
    assert.match(requests[0] ?? '', /^GET http.+\r\nproxy-authorization: mine\r\naccept: \*\/\*\r\nhost: /);
  });

  it('takes the settings of an editor first, which never stand before this machine itself', async () => {
    const [own, other] = [await proxy('editor'), await proxy('environment')];
    const settings = (more: Partial<ProxySettings> = {}): ProxySettings => ({
      source: 'http.proxy',
      proxy: own.url,
      authorization: undefined,
      noProxy: [],
      isStrict: true,
      ...more,
    });
    const env = { http_proxy: other.url };
    assert.equal(await body(HOST, env, settings()), 'editor');
    assert.equal(await body(HOST, env), 'environment');
    const direct = await answering(reply(200, [], 'direct'));
    assert.equal(await body(direct.url, env, settings()), 'direct');
    await get(HOST, env, settings({ authorization: 'Negotiate x', proxy: own.url.replace('//', '//u:p@') }));
    assert.match(own.requests.at(-1) ?? '', /\r\nproxy-authorization: Negotiate x\r\n/);
    await refused(get(HOST, env, settings({ noProxy: ['host.invalid'] })), 'failed', /getaddrinfo/);
    await refused(get(HOST, { NO_PROXY: 'host.invalid' }, settings()), 'failed', /getaddrinfo/);
    assert.equal(await body(HOST, { NO_PROXY: 'host.invalid' }, settings({ noProxy: ['x'] })), 'editor');
    await refused(
      get(HOST, env, settings({ proxy: 'socks5://x' })),
      'failed',
      /: http\.proxy names a socks5 proxy/,
    );
  });

  it('is timed out while a proxy says nothing', async () => {
    const silent = await rawServer(() => undefined);
    const host = new Host({ ALL_PROXY: silent.url });
    for (const url of [HOST, 'https://host.invalid/']) {
      await refused(send({ method: 'GET', url, timeoutMs: 100 }, host), 'failed', /timed out after 100 ms$/);
    }
    while (silent.sockets.size > 0) await new Promise(setImmediate);
  });
});
