import assert from 'node:assert/strict';
import { HttpStreams, type HttpStream, type HttpRequestParams } from '../../../src/http';
import { FakeClock } from '../../support/clock';
import { answering, bytesOf, Deltas, Host, rawServer, refused, reply, sleep, until } from './support';

describe('http: streams', () => {
  let deltas: Deltas;
  let streams: HttpStreams;
  beforeEach(() => {
    deltas = new Deltas();
    streams = new HttpStreams(new Host(), deltas.listen);
  });
  afterEach(() => streams[Symbol.dispose]());

  const stream = (id: string, url: string, params: Partial<HttpRequestParams> = {}) =>
    streams.streamed(id, { method: 'GET', url, ...params });
  const DEAD = 'http://127.0.0.1:1/';

  it('gives the head first, then the body in deltas, then an empty last one', async () => {
    const server = await answering(reply(200, ['X: y'], 'abc'));
    const response = await stream('s', server.url);
    assert.deepEqual([response.status, response.body.length], [200, 0]);
    assert.deepEqual(response.headers[0], { name: 'x', value: 'y' });
    await sleep(50);
    assert.equal(deltas.all.length, 0, 'nothing before the response is on its way');
    response.stream.resume();
    const all = await deltas.whole('s');
    assert.equal(bytesOf(all).toString(), 'abc');
    assert.equal(all.at(-1)?.error, null);
    await until(() => server.sockets.size === 0);
  });

  it('gives a delta for an empty body too', async () => {
    const texts = [
      reply(200),
      'HTTP/1.1 204 N\r\n\r\n',
      'HTTP/1.1 101 S\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    ];
    for (const text of texts) {
      const server = await answering(text);
      (await stream(text, server.url)).stream.resume();
      assert.deepEqual(await deltas.whole(text), [
        { seq: 1, chunk: Buffer.alloc(0), done: true, error: null },
      ]);
    }
  });

  it('does not wait for the body', async () => {
    const server = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      setTimeout(() => socket.write('one'), 30);
      setTimeout(() => socket.end('two'), 90);
    });
    (await stream('s', server.url)).stream.resume();
    assert.equal(deltas.all.length, 0);
    await until(() => deltas.all.length === 1);
    assert.equal(deltas.of('s')[0]?.done, false);
    assert.equal(bytesOf(await deltas.whole('s')).toString(), 'onetwo');
  });

  it('loses nothing before a cut', async () => {
    for (const hangUp of ['end', 'resetAndDestroy'] as const) {
      const server = await rawServer((socket) =>
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'),
      );
      const response = await stream(hangUp, server.url);
      // The cut happens while nobody reads. A socket that was ended closes only once the other side has read its end.
      let isCut = false;
      for (const socket of server.sockets) {
        socket.once(hangUp === 'end' ? 'finish' : 'close', () => (isCut = true));
        socket[hangUp]();
      }
      await until(() => isCut);
      response.stream.resume();
      const all = await deltas.whole(hangUp);
      assert.equal(bytesOf(all).toString(), 'abc');
      assert.equal(
        all.at(-1)?.error,
        'error decoding response body: the connection closed before the body was complete',
      );
      await until(() => server.sockets.size === 0);
    }
  });

  it('lets the time limit end a body, also one that is paused', async () => {
    const server = await rawServer((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'),
    );
    using clock = new FakeClock();
    const paused = await stream('paused', server.url, { timeoutMs: 60 });
    (await stream('s', server.url, { timeoutMs: 60 })).stream.resume();
    const error = 'error decoding response body: timed out after 60 ms';
    await clock.until(() => deltas.of('s').length === 1);
    await clock.pass(60);
    await clock.until(() => deltas.of('s').length === 2);
    const all = await deltas.whole('s');
    assert.equal(bytesOf(all).toString(), 'abc');
    assert.equal(all.at(-1)?.error, error);
    await clock.until(() => server.sockets.size === 0);
    assert.equal(deltas.of('paused').length, 0);
    paused.stream.resume();
    assert.equal(bytesOf(deltas.of('paused')).toString(), 'abc');
    assert.equal(deltas.of('paused').at(-1)?.error, error);
  });

  it('gives a body that is here in whole although its time is over', async () => {
    using clock = new FakeClock();
    const server = await answering(reply(200, [], 'abc'));
    let held: HttpStream | undefined;
    streams[Symbol.dispose]();
    streams = new HttpStreams(new Host(), (id, delta, from) => {
      deltas.listen(id, delta, from);
      if (!delta.done) (held = from).pause();
    });
    (await stream('s', server.url, { timeoutMs: 80 })).stream.resume();
    await clock.until(() => held !== undefined);
    await clock.pass(120);
    held?.resume();
    await clock.until(() => deltas.of('s').at(-1)?.done === true);
    assert.equal(bytesOf(await deltas.whole('s')).toString(), 'abc');
  });

  it('holds the server back while the client does not read, and loses nothing', async () => {
    const size = 32 * 1024 * 1024;
    const bytes = Buffer.alloc(size, Buffer.from(Array.from({ length: 251 }, (_, n) => n)));
    let sent = 0;
    const server = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const step = 256 * 1024;
      const more = () => {
        if (sent >= size) return void socket.end();
        const block = bytes.subarray(sent, sent + step);
        socket.write(block, (error) => {
          sent += block.length;
          if (!error) more();
        });
      };
      more();
    });
    let received = 0;
    streams[Symbol.dispose]();
    streams = new HttpStreams(new Host(), (id, delta, from) => {
      deltas.listen(id, delta, from);
      received += delta.chunk.length;
      from.pause();
      if (received > 1024 * 1024) return;
      setImmediate(() => from.resume());
    });
    const { stream: body } = await stream('s', server.url);
    body.resume();
    await until(() => received > 1024 * 1024);
    await sleep(200);
    const [before, sentBefore] = [received, sent];
    await sleep(200);
    assert.deepEqual([received, sent], [before, sentBefore], 'nothing moves');
    assert.ok(sent < 24 * 1024 * 1024, 'the server is held back');
    while (deltas.of('s').at(-1)?.done !== true) {
      body.resume();
      await sleep(0);
    }
    assert.ok(bytesOf(deltas.of('s')).equals(bytes));
  });

  it('refuses an id that is active, and only that', async () => {
    const server = await rawServer((socket, path) => {
      if (path === '/stall') socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc');
      else socket.end(reply(200, [], 'ok'));
    });
    const first = stream('d', `${server.url}/stall`);
    const text = 'http/request streamResponse requestId `d` is already active';
    await refused(stream('d', server.url), 'invalid', text);
    await first;
    await refused(stream('d', 'nonsense'), 'invalid', text);
    const buffered = await streams.buffered({ method: 'GET', url: server.url }, (response) => response);
    assert.equal(buffered.body.toString(), 'ok');
    (await stream('', server.url)).stream.resume();
    await deltas.whole('');
  });

  it('frees an id when a request fails and just before the last delta', async () => {
    const server = await answering(reply(200, [], 'ok'));
    await refused(stream('e', 'nonsense'), 'invalid', /url is invalid/);
    await refused(stream('e', DEAD), 'failed', /ECONNREFUSED/);
    let again: Promise<unknown> | undefined;
    streams[Symbol.dispose]();
    streams = new HttpStreams(new Host(), (_id, { done }) => {
      if (done) again ??= stream('e', server.url);
    });
    (await stream('e', server.url)).stream.resume();
    await until(() => again !== undefined);
    await again;
  });

  it('bounds the number of active streams', async () => {
    const server = await rawServer((socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    const ids = Array.from({ length: 256 }, (_, n) => `s${n}`);
    await Promise.all(ids.map((id) => stream(id, server.url)));
    const text = 'http/request at most 256 streamed responses may be active per connection';
    await refused(stream('more', server.url), 'invalid', text);
  });

  it('hangs up on all servers when it is disposed of, without another delta', async () => {
    const server = await rawServer((socket, path) => {
      if (path !== '/head') socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc');
    });
    const running = await stream('running', server.url);
    running.stream.resume();
    await stream('paused', server.url);
    const waiting = [
      refused(
        stream('waiting', `${server.url}/head`),
        'failed',
        /^http\/request failed: .+: the connection was closed$/,
      ),
      refused(
        streams.buffered({ method: 'GET', url: server.url }, (response) => response),
        'failed',
        /body: the connection was closed$/,
      ),
    ];
    await until(() => deltas.all.length === 1 && server.requests.length === 4);
    await sleep(30);
    streams[Symbol.dispose]();
    await Promise.all(waiting);
    await until(() => server.sockets.size === 0);
    running.stream.resume();
    assert.equal(deltas.all.length, 1);
    await refused(stream('late', server.url), 'failed', 'http/request failed: the connection was closed');
  });

  it('can be hung up one by one, which frees the id', async () => {
    const server = await rawServer((socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nabc'));
    const { stream: body } = await stream('s', server.url);
    body.resume();
    await until(() => deltas.all.length === 1);
    body.dispose();
    await until(() => server.sockets.size === 0);
    assert.equal(deltas.all.length, 1);
    await stream('s', server.url);
  });
});
