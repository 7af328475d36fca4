import assert from 'node:assert/strict';
import { getEventListeners, setMaxListeners } from 'node:events';
import type { HttpRequestParams } from '../../../src/http';
import { rawServer, refused, reply, send, until } from './support';

const get = (url: string, params: Partial<HttpRequestParams> = {}, signal?: AbortSignal) =>
  send({ method: 'GET', url, ...params }, undefined, signal);

const CUT = 'failed to read http/request response body: error decoding response body: ';

describe('http: time limits and aborts', () => {
  const stall = () =>
    rawServer((socket, path) => {
      if (path === '/body') socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc');
      else if (path === '/loop') setTimeout(() => socket.end(reply(302, ['Location: /loop'])), 40);
    });

  it('covers the wait for a head', async () => {
    const server = await stall();
    const text = `http/request failed: error sending request for url (${server.url}/): timed out after 50 ms`;
    await refused(get(server.url, { timeoutMs: 50 }), 'failed', text);
    await until(() => server.sockets.size === 0);
  });

  it('covers the body', async () => {
    const server = await stall();
    await refused(get(`${server.url}/body`, { timeoutMs: 50 }), 'failed', `${CUT}timed out after 50 ms`);
    await until(() => server.sockets.size === 0);
  });

  it('covers all redirects together', async () => {
    const server = await stall();
    await refused(
      get(`${server.url}/loop`, { timeoutMs: 100 }),
      'failed',
      /^http\/request failed: .+ timed out after 100 ms$/,
    );
    assert.ok(server.requests.length < 5);
  });

  it('0 fails at once, after what is wrong with the params', async () => {
    const server = await stall();
    await refused(
      get(server.url, { timeoutMs: 0 }),
      'failed',
      /^http\/request failed: .+ timed out after 0 ms$/,
    );
    await refused(get('x', { timeoutMs: 0 }), 'invalid', /url is invalid/);
    assert.equal(server.requests.length, 0);
  });

  it('none and more than a timer can count are no limits', async () => {
    const server = await rawServer((socket) => setTimeout(() => socket.end(reply(200, [], 'late')), 60));
    for (const timeoutMs of [undefined, null, 2 ** 31, Number.MAX_SAFE_INTEGER, 1.8e19]) {
      assert.equal((await get(server.url, { timeoutMs })).body.toString(), 'late');
    }
  });

  it('an abort ends the wait for a head and a body', async () => {
    const server = await stall();
    for (const path of ['/', '/body']) {
      const controller = new AbortController();
      const response = get(server.url + path, {}, controller.signal);
      setTimeout(() => controller.abort(new Error('enough')), 50);
      await refused(response, 'failed', /: enough$/);
    }
    await refused(get(server.url, {}, AbortSignal.abort(new Error('before'))), 'failed', /: before$/);
    await until(() => server.sockets.size === 0);
    assert.equal(server.requests.length, 2);
  });

  it('leaves no socket, timer or listener', async () => {
    const server = await rawServer((socket) => socket.end(reply(200, [], 'x')));
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    const listeners = () => getEventListeners(signal, 'abort').length;
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    await Promise.all(Array.from({ length: 50 }, () => get(server.url, { timeoutMs: 60_000 }, signal)));
    await until(() => listeners() === 0 && server.sockets.size === 0 && timers() <= before);
  });
});
