import assert from 'node:assert/strict';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { HttpStreams, type HttpRequestParams } from '../../../src/http';
import { makeCertificates, type Certificates } from '../../support/certificates';
import { bytesOf, Deltas, Host, refused, send, until } from './support';

const CUT = 'error decoding response body: the connection closed before the body was complete';

describe('http: servers that speak HTTP/2 only', () => {
  let made: Certificates;
  let server: Http2SecureServer;
  let host: Host;
  let origin = '';
  const connections = new Set<Socket>();
  const seen: { headers: string[]; body: Buffer }[] = [];
  before(async () => {
    made = makeCertificates();
    server = createSecureServer({ key: made.key, cert: made.cert });
    server.on('connection', (socket: Socket) => {
      connections.add(socket);
      socket.once('close', () => connections.delete(socket));
    });
    const onStream = (stream: ServerHttp2Stream, _head: unknown, _flags: number, headers: string[]): void => {
      const parts: Buffer[] = [];
      stream.on('error', () => undefined);
      stream.on('data', (part: Buffer) => parts.push(part));
      const path = (headers[headers.indexOf(':path') + 1] ?? '').replace('?q', '');
      if (path === '/early') return answer(stream, path);
      stream.on('end', () => {
        seen.push({ headers, body: Buffer.concat(parts) });
        answer(stream, path);
      });
    };
    // Node tells more than its types do.
    server.on('stream', onStream as (stream: ServerHttp2Stream) => void);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `https://localhost:${(server.address() as AddressInfo).port}`;
    host = new Host({ SSL_CERT_FILE: made.ca });
  });
  afterEach(() => until(() => connections.size === 0));
  after(() => {
    server.close();
    made.remove();
  });

  function answer(stream: ServerHttp2Stream, path: string): void {
    if (path === '/reset') return stream.close(2);
    if (path === '/silent') return;
    if (path === '/move') {
      stream.respond({ ':status': 302, location: '/ok' });
      return void stream.end('moved');
    }
    stream.respond({ ':status': 200, 'X-A': ['1', '2'], 'set-cookie': ['a', 'b'] });
    if (path === '/ok' || path === '/early') stream.end('two');
    else if (path === '/large') stream.end(Buffer.alloc(3_000_000, 'abcdefg'));
    else {
      stream.write('half');
      if (path === '/cut') setTimeout(() => connections.forEach((socket) => socket.destroy()), 50);
      if (path === '/reset-late') setTimeout(() => stream.destroy(new Error('x')), 50);
    }
  }

  const get = (path: string, params: Partial<HttpRequestParams> = {}, signal?: AbortSignal) =>
    send({ method: 'GET', url: origin + path, ...params }, host, signal);

  it('are understood: method, headers, body, repeats', async () => {
    const headers = [
      { name: 'X-B', value: '1' },
      { name: 'x-b', value: '2é' },
      { name: 'Connection', value: 'close' },
      { name: 'transfer-encoding', value: 'chunked' },
    ];
    const response = await get('/ok?q', { method: 'pAtCh', headers, body: Buffer.from('hi') });
    assert.equal(response.body.toString(), 'two');
    assert.deepEqual(
      response.headers.filter(({ name }) => name !== 'date').map(({ name, value }) => `${name}=${value}`),
      ['x-a=1', 'x-a=2', 'set-cookie=a', 'set-cookie=b'],
    );
    const { headers: raw, body } = seen.pop()!;
    assert.equal(body.toString(), 'hi');
    const pairs = raw.flatMap((name, at) => (at % 2 === 0 ? [`${name}=${raw[at + 1] ?? ''}`] : []));
    const authority = new URL(origin).host;
    assert.deepEqual(pairs, [
      ':method=pAtCh',
      ':scheme=https',
      `:authority=${authority}`,
      ':path=/ok?q',
      'x-b=1',
      `x-b=${Buffer.from('2é').toString('latin1')}`,
      'accept=*/*',
      'content-length=2',
    ]);
  });

  it('are followed, read in whole, and need not read all', async () => {
    assert.equal((await get('/move')).body.toString(), 'two');
    assert.ok((await get('/large')).body.equals(Buffer.alloc(3_000_000, 'abcdefg')));
    assert.equal(
      (await get('/early', { method: 'POST', body: Buffer.alloc(3_000_000) })).body.toString(),
      'two',
    );
    assert.equal((await get('/ok', { method: 'HEAD' })).status, 200);
  });

  it('that break off are no whole bodies', async () => {
    await refused(get('/cut'), 'failed', `failed to read http/request response body: ${CUT}`);
    await refused(
      get('/reset-late'),
      'failed',
      /^failed to read http\/request response body: .+INTERNAL_ERROR$/,
    );
    await refused(get('/reset'), 'failed', /^http\/request failed: .+INTERNAL_ERROR$/);
  });

  it('are hung up on when time is up or nobody waits any more', async () => {
    for (const path of ['/silent', '/half']) {
      await refused(get(path, { timeoutMs: 200 }), 'failed', /timed out after 200 ms$/);
      const controller = new AbortController();
      const response = get(path, {}, controller.signal);
      setTimeout(() => controller.abort(new Error('enough')), 100);
      await refused(response, 'failed', /: enough$/);
    }
  });

  it('are streamed, held back, and lose nothing before a cut', async () => {
    const deltas = new Deltas();
    using streams = new HttpStreams(host, deltas.listen);
    const stream = (id: string, path: string) => streams.streamed(id, { method: 'GET', url: origin + path });
    (await stream('large', '/large')).stream.resume();
    const whole = await deltas.whole('large');
    assert.ok(bytesOf(whole).equals(Buffer.alloc(3_000_000, 'abcdefg')));
    assert.equal(whole.at(-1)?.error, null);
    const cut = await stream('cut', '/cut');
    // The cut happens while nobody reads.
    await until(() => connections.size === 0);
    cut.stream.resume();
    const all = await deltas.whole('cut');
    assert.equal(bytesOf(all).toString(), 'half');
    assert.equal(all.at(-1)?.error, CUT);
  });
});
