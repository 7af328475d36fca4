import assert from 'node:assert/strict';
import type { HttpRequestParams } from '../../../src/http';
import { answering, Host, rawServer, type RawServer, refused, reply, send } from './support';

const env = {};

/** `/s/STATUS` redirects to `/ok`, `/n/COUNT` that many times, `/to/URL` there. */
function redirecting(): Promise<RawServer> {
  return rawServer((socket, path) => {
    const [, kind, rest = ''] = /^\/(\w+)(?:\/(.*))?$/.exec(path) ?? [];
    const count = Number(rest);
    if (kind === 's') socket.end(reply(count, ['Location: /ok'], 'red'));
    else if (kind === 'n') socket.end(reply(302, [`Location: ${count === 1 ? '/ok' : `/n/${count - 1}`}`]));
    else if (kind === 'to')
      socket.end(reply(307, [`Location: ${decodeURIComponent(rest)}`], 'red'), 'latin1');
    else if (kind === 'endless') socket.write('HTTP/1.1 302 X\r\nLocation: /ok\r\n\r\nx');
    else socket.end(reply(200, [], 'ok'));
  });
}

describe('http: redirects', () => {
  let server: RawServer;
  beforeEach(async () => {
    server = await redirecting();
  });

  const go = (path: string, params: Partial<HttpRequestParams> = {}) =>
    send({ method: 'GET', url: server.url + path, ...params }, new Host(env));
  const to = (location: string) => `/to/${encodeURIComponent(location)}`;

  const rules: [status: number, method: string, next: string][] = [
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'GET', 'GET without body'],
    [301, 'PUT', 'PUT'],
    [302, 'post', 'post'],
    [301, 'GET', 'GET'],
    [302, 'DELETE', 'DELETE'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
    [308, 'PATCH', 'PATCH'],
  ];
  for (const [status, method, expected] of rules) {
    it(`after ${status} sends ${expected} instead of ${method}`, async () => {
      const headers = [
        { name: 'content-type', value: 't' },
        { name: 'content-encoding', value: 'c' },
        { name: 'x-k', value: 'k' },
      ];
      const body = Buffer.from('hi');
      const response = await go(`/s/${status}`, { method, headers, body });
      assert.equal(response.body.toString(), 'ok');
      const [next = '', and] = expected.split(' ');
      const keepsBody = next === method && and === undefined;
      const [, second = ''] = server.requests;
      assert.ok(second.startsWith(`${next} /ok HTTP/1.1\r\n`), second);
      assert.equal(second.endsWith('\r\n\r\nhi'), keepsBody);
      for (const name of ['content-type', 'content-encoding', 'content-length']) {
        assert.equal(second.includes(`\r\n${name}: `), keepsBody, name);
      }
      assert.match(second, /\r\nx-k: k\r\n/);
      assert.match(second, new RegExp(`\r\nreferer: ${server.url}/s/${status}\r\n`));
    });
  }

  it('keeps HEAD', async () => {
    for (const status of [301, 303]) await go(`/s/${status}`, { method: 'HEAD' });
    assert.equal(server.requests.filter((text) => text.startsWith('HEAD /ok ')).length, 2);
  });

  it('takes other 3xx for answers', async () => {
    for (const status of [300, 304, 305, 306, 310]) assert.equal((await go(`/s/${status}`)).status, status);
    assert.equal(server.requests.length, 5);
  });

  it('follows ten and no more', async () => {
    assert.equal((await go('/n/10')).status, 200);
    assert.equal(server.requests.length, 11);
    await refused(go('/n/11'), 'failed', 'http/request failed: too many redirects');
    assert.equal(server.requests.length, 22);
  });

  it('with `stop` hands them out, with their bodies', async () => {
    const response = await go('/s/302', { redirectPolicy: 'stop' });
    assert.equal(response.status, 302);
    assert.deepEqual(response.headers[0], { name: 'location', value: '/ok' });
    assert.equal(response.body.toString(), 'red');
    assert.equal(server.requests.length, 1);
  });

  it('does not wait for the body of a redirect', async () => {
    assert.equal((await go('/endless')).body.toString(), 'ok');
  });

  const SECRETS = ['authorization', 'cookie', 'proxy-authorization', 'www-authenticate'];
  const secretHeaders = [...SECRETS, 'x-k'].map((name) => ({ name, value: 'v' }));

  it('keeps credentials and host within the origin', async () => {
    await go(to('/ok'), { headers: [...secretHeaders, { name: 'host', value: 'mine' }] });
    const [, second = ''] = server.requests;
    for (const name of [...SECRETS, 'x-k']) assert.match(second, new RegExp(`\r\n${name}: v\r\n`));
    assert.match(second, /\r\nhost: mine\r\n/);
  });

  it('drops credentials and host on the way to another port', async () => {
    const other = await answering(reply(200, [], 'other'));
    const headers = [...secretHeaders, { name: 'host', value: 'mine' }, { name: 'referer', value: 'r' }];
    assert.equal((await go(to(`${other.url}/o`), { headers })).body.toString(), 'other');
    assert.equal(
      other.requests[0],
      `GET /o HTTP/1.1\r\nx-k: v\r\nreferer: ${server.url}/\r\naccept: */*\r\nhost: 127.0.0.1:${other.port}\r\n\r\n`,
    );
  });

  it('drops the credentials of a URL too, and takes none from a location', async () => {
    const other = await answering(reply(200));
    const url = server.url.replace('//', '//u:p@') + to(other.url.replace('//', '//x:y@'));
    await send({ method: 'GET', url }, new Host(env));
    assert.match(server.requests[0]!, /\r\nauthorization: Basic dTpw\r\n/);
    assert.doesNotMatch(other.requests[0]!, /authorization|u:p|x:y/);
  });

  it('goes nowhere with a location that is missing, broken or not text', async () => {
    for (const location of ['http://[', '/\u{e9}']) {
      const response = await go(to(location));
      assert.equal(response.status, 307);
      assert.equal(response.body.toString(), 'red');
    }
    const silent = await answering(reply(302, [], 'no'));
    assert.equal((await send({ method: 'GET', url: silent.url }, new Host(env))).status, 302);
  });

  it('refuses other schemes', async () => {
    const text = 'http/request failed: redirect target uses unsupported URL scheme: file';
    await refused(go(to('file:///etc/passwd')), 'failed', text);
  });
});
