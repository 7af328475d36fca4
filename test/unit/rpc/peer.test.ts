import assert from 'node:assert/strict';
import { RpcError } from '../../../src/protocol';
import { Peer, RawResult, type PeerHandler, type RequestContext, type Transport } from '../../../src/rpc';
import { OWN_BYTES } from '../../../src/rpc/memory';
import { Budget } from '../../../src/server/budget';

/** Enough for what a test sends at once. */
const MEMORY_BYTES = 1e9;
const LIMITS = {
  inFlight: 2,
  queued: 1,
  holdBytes: 1000,
  stopReadingBytes: 2000,
  messageBytes: 5000,
};

class FakeTransport implements Transport {
  readonly peerName = '127.0.0.1:1';
  readonly malformedPrefix = 'malformed';
  unsentBytes = 0;
  reading = true;
  readonly sent: unknown[] = [];
  closedWith: number | undefined;

  send(message: string | Buffer): void {
    this.sent.push(JSON.parse(message.toString()));
  }
  setReading(reading: boolean): void {
    this.reading = reading;
  }
  close(code: number): void {
    this.closedWith = code;
  }
}

function peerWith(
  request: (method: string, params: unknown, context: RequestContext) => unknown,
  memoryBytes = MEMORY_BYTES,
): {
  peer: Peer;
  transport: FakeTransport;
  ask: (message: unknown) => void;
} {
  const transport = new FakeTransport();
  const handler: PeerHandler = {
    find: (method) => ({
      priority: method.startsWith('now') ? 'control' : 'normal',
      order: method.startsWith('fs/write') ? 'write' : method.startsWith('fs/') ? 'read' : undefined,
      run: (params, context) => request(method, params, context),
    }),
    describe: (error) =>
      error instanceof RpcError
        ? error
        : { code: -32603, message: error instanceof Error ? error.message : String(error) },
    notification: (method) => method === 'known',
  };
  const peer = new Peer(transport, handler, LIMITS, new Budget(memoryBytes, 'this test'));
  return { peer, transport, ask: (message) => peer.receive(Buffer.from(JSON.stringify(message))) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Peer', () => {
  it('answers every request once, whatever the handler does', async () => {
    const { ask, transport } = peerWith((method) => {
      if (method === 'now/throw') throw new Error('boom');
      if (method === 'now/rpc') throw new RpcError(-32004, 'gone');
      if (method === 'now/reject') return Promise.reject(new Error('later'));
      if (method === 'now/text') throw 'a text' as unknown as Error;
      if (method === 'now/raw') return new RawResult([Buffer.from('{"a":'), Buffer.from('1}')]);
      if (method === 'now/cycle') {
        const cycle: unknown[] = [];
        cycle.push(cycle);
        return cycle;
      }
      return undefined;
    });
    for (const [id, name] of ['throw', 'rpc', 'reject', 'text', 'raw', 'cycle', 'void'].entries()) {
      ask({ id, method: `now/${name}` });
    }
    await turn();
    const byId = new Map(transport.sent.map((m) => [(m as { id: number }).id, m as Record<string, unknown>]));
    assert.equal(transport.sent.length, 7);
    assert.deepEqual(byId.get(0)?.['error'], { code: -32603, message: 'boom' });
    assert.deepEqual(byId.get(1)?.['error'], { code: -32004, message: 'gone' });
    assert.deepEqual(byId.get(2)?.['error'], { code: -32603, message: 'later' });
    assert.deepEqual(byId.get(3)?.['error'], { code: -32603, message: 'a text' });
    assert.deepEqual(byId.get(4)?.['result'], { a: 1 });
    assert.equal((byId.get(5)?.['error'] as { code: number }).code, -32603);
    assert.equal(byId.get(6)?.['result'], null);
  });

  it('lets control requests pass when there is no room for normal ones, and refuses what has no room', async () => {
    const { ask, transport } = peerWith((method) =>
      method.startsWith('now') ? 'ok' : new Promise(() => undefined),
    );
    for (let id = 0; id < 4; id++) ask({ id, method: 'wait' });
    ask({ id: 9, method: 'now' });
    await turn();
    assert.deepEqual(transport.sent, [
      {
        error: { code: -32600, message: 'too many requests: 2 are running and 1 wait on this connection' },
        id: 3,
      },
      { id: 9, result: 'ok' },
    ]);
  });

  it('takes a small control request also where there is no memory for a request', async () => {
    const never = new Promise(() => undefined);
    const { ask, transport } = peerWith((method) => (method === 'wait' ? never : method), 0);
    // The first half MiB is the peer's own.
    ask({ id: 1, method: 'wait', params: 'x'.repeat(OWN_BYTES - 1000) });
    ask({ id: 2, method: 'now/kill', params: 'x'.repeat(3000) });
    ask({ id: 3, method: 'now/large', params: 'x'.repeat(5000) });
    await turn();
    const answers = transport.sent as { id: number; error?: { message: string } }[];
    assert.deepEqual(
      answers.map(({ id, error }) => [id, error?.message.startsWith('too many requests: what this test')]),
      [
        [2, undefined],
        [3, true],
      ],
    );
  });

  it('runs what is to follow the reply after it', async () => {
    const { ask, transport } = peerWith((_method, _params, context) => {
      context.afterReply(() => transport.send('"after"'));
      return Promise.resolve('reply');
    });
    ask({ id: 1, method: 'now' });
    await turn();
    assert.deepEqual(transport.sent, [{ id: 1, result: 'reply' }, 'after']);
  });

  it('refuses a reply that is too large', async () => {
    const { ask, transport } = peerWith(() => 'x'.repeat(6000));
    ask({ id: 1, method: 'now' });
    await turn();
    const [{ error }] = transport.sent as [{ error: { code: number; message: string } }];
    assert.equal(error.code, -32603);
    assert.match(error.message, /limit is 5000/);
  });

  it('begins no ordinary request while too much is unsent, and stops reading at twice that', async () => {
    const { ask, transport, peer } = peerWith(() => 'ok');
    transport.unsentBytes = 1500;
    ask({ id: 1, method: 'm' });
    ask({ id: 2, method: 'now' });
    await turn();
    assert.deepEqual(transport.sent, [{ id: 2, result: 'ok' }]);
    transport.unsentBytes = 2500;
    ask({ id: 3, method: 'now' });
    await turn();
    assert.equal(transport.reading, false);
    transport.unsentBytes = 1500;
    peer.drained();
    assert.equal(transport.reading, false);
    transport.unsentBytes = 10;
    peer.drained();
    await turn();
    assert.equal(transport.reading, true);
    assert.deepEqual(transport.sent.at(-1), { id: 1, result: 'ok' });
  });

  it('closes without a word on what no client may send', () => {
    for (const message of [
      { method: 'unknown' },
      { id: 1, result: 1 },
      { id: 1, error: { code: 1, message: '' } },
    ]) {
      const { ask, transport } = peerWith(() => 'ok');
      ask(message);
      assert.equal(transport.closedWith, 1002);
      ask({ id: 2, method: 'now' });
      assert.deepEqual(transport.sent, []);
    }
  });

  it('answers malformed messages with the id -1 and goes on', async () => {
    const { ask, transport, peer } = peerWith(() => 'ok');
    peer.receive(Buffer.from([0x22, 0xff, 0x22]));
    peer.receive(Buffer.from('[]'));
    ask({ id: 1, method: 'now' });
    await turn();
    const prefix = 'malformed: ';
    assert.deepEqual(transport.sent, [
      { error: { code: -32600, message: `${prefix}invalid UTF-8` }, id: -1 },
      { error: { code: -32600, message: `${prefix}expected a JSON-RPC object` }, id: -1 },
      { id: 1, result: 'ok' },
    ]);
  });

  it('aborts what is under way when the connection ends, and answers nothing more', async () => {
    let aborted = false;
    const { ask, transport, peer } = peerWith((_method, _params, { signal }) => {
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(new Error('aborted'));
        });
      });
    });
    ask({ id: 1, method: 'm' });
    peer.end();
    await turn();
    assert.equal(aborted, true);
    assert.deepEqual(transport.sent, []);
  });
});
