import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { both, ours } from './cases.js';
import { bodyOf, deltas, get, untilDone, web, type Delta } from './webServer.js';

const MIB = 1024 * 1024;

const joined = (list: readonly Delta[]): Buffer => Buffer.concat(list.map(({ data }) => data));

const stream = (url: string, requestId: string, more = {}) =>
  get(url, { requestId, streamResponse: true, ...more });

describe('streamed responses', () => {
  both('http: the response comes with the headers, then numbered deltas, the last one empty', async (t) => {
    let open: ServerResponse | undefined;
    const { url } = await web(t, (_, response) => {
      response.writeHead(201, { 'x-a': 'b' });
      response.write('one');
      open = response;
    });
    const { client } = await t.session();
    const result = await client.call('http/request', stream(url, 's'));
    assert.deepEqual([result['status'], bodyOf(result)], [201, '']);
    await client.wait('the first delta', () => deltas(client, 's')[0]);
    open?.end('two');
    const all = await untilDone(client, 's');
    assert.deepEqual(
      all.map(({ seq }) => seq),
      all.map((_, index) => index + 1),
    );
    assert.equal(joined(all).toString(), 'onetwo');
    assert.deepEqual(all.at(-1), { seq: all.length, data: Buffer.alloc(0), done: true, error: null });
    const first = client.log.findIndex(({ method }) => method === 'http/request/bodyDelta');
    assert.ok(client.log.findIndex(({ result: found }) => found === result) < first);
  });

  both('http: an empty body is one last delta with seq 1', async (t) => {
    const { url } = await web(t, (_, response) => response.writeHead(204).end());
    const { client } = await t.session();
    assert.equal((await client.call('http/request', stream(url, 's')))['status'], 204);
    assert.deepEqual(await untilDone(client, 's'), [
      { seq: 1, data: Buffer.alloc(0), done: true, error: null },
    ]);
  });

  both('http: deltas carry 1 MiB at most, and nothing is lost', async (t) => {
    const body = Buffer.alloc(20 * MIB, 'abcdefg');
    const { url } = await web(t, (_, response) => response.end(body));
    const { client } = await t.session();
    await client.call('http/request', stream(url, 's'));
    const all = await untilDone(client, 's');
    assert.ok(all.every(({ data }) => data.length <= MIB));
    assert.ok(joined(all).equals(body));
  });

  both('http: a body that breaks off ends with done and a text', async (t) => {
    const { url } = await web(t, (_, response) => {
      response.setHeader('content-length', '10');
      response.write('half');
      setTimeout(() => response.destroy(), 50);
    });
    const { client } = await t.session();
    await client.call('http/request', stream(url, 's'));
    const all = await untilDone(client, 's');
    assert.equal(joined(all).toString(), 'half');
    assert.notEqual(all.at(-1)?.error ?? '', '');
  });

  both('http: the time limit covers a streamed body', async (t) => {
    const { url } = await web(t, (_, response) => response.write('half'));
    const { client } = await t.session();
    await client.call('http/request', stream(url, 's', { timeoutMs: 500 }));
    assert.notEqual((await untilDone(client, 's')).at(-1)?.error ?? '', '');
  });

  both('http: an id is taken while its stream runs, for streams only', async (t) => {
    const waiting: ServerResponse[] = [];
    const { url } = await web(t, (request, response) => {
      if (request.url === '/now') return response.end('now');
      waiting.push(response);
      return response.write('part');
    });
    const { client } = await t.session();
    await client.call('http/request', stream(url, 's'));
    assert.deepEqual(await client.fails('http/request', stream(url, 's')), {
      code: -32602,
      message: 'http/request streamResponse requestId `s` is already active',
    });
    assert.equal(bodyOf(await client.call('http/request', get(`${url}/now`, { requestId: 's' }))), 'now');
    waiting[0]?.end();
    await untilDone(client, 's');
    assert.equal((await client.call('http/request', stream(`${url}/now`, 's')))['status'], 200);
  });

  both('http: a request that failed frees its id at once', async (t) => {
    const { url } = await web(t);
    const { client } = await t.session();
    const failed = await client.fails('http/request', stream(url, 's', { timeoutMs: 0 }));
    assert.equal(failed.code, -32603);
    await client.call('http/request', stream(url, 's'));
    assert.equal(joined(await untilDone(client, 's')).toString(), 'hello');
  });

  both('http: a streamed body does not block other requests', async (t) => {
    const { url } = await web(t, (_, response) => response.write('part'));
    const { client } = await t.session();
    await client.call('http/request', stream(url, 's'));
    assert.deepEqual(await client.call('environment/status', {}), { status: 'ready' });
  });

  ours('bounds: a client that stops reading holds the server back, and gets everything later', async (t) => {
    const total = 64 * MIB;
    const part = Buffer.alloc(MIB, 'x');
    let sent = 0;
    const { url } = await web(t, (_, response) => {
      const more = () => {
        while (sent < total) {
          sent += part.length;
          if (!response.write(part)) return response.once('drain', more);
        }
        return response.end();
      };
      more();
    });
    const { client } = await t.session();
    await client.call('http/request', stream(url, 's'));
    client.socket.pause();
    await delay(1500);
    const stalled = sent;
    await delay(500);
    assert.ok(sent === stalled && sent < total, `${String(sent)} bytes were sent to nobody`);
    client.socket.resume();
    assert.equal(joined(await untilDone(client, 's')).length, total);
  });

  both('http: the end of the connection ends its streams', async (t) => {
    let hungUp: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => (hungUp = resolve));
    const { url } = await web(t, (_, response) => {
      response.write('part');
      response.once('close', () => hungUp());
    });
    const { client } = await t.session();
    await client.call('http/request', stream(url, 's'));
    await client.drop();
    await gone;
  });
});
