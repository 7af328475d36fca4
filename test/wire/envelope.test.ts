import assert from 'node:assert/strict';
import { both } from './cases.js';
import type { Client, Message } from './client.js';

const PREFIX = /^failed to parse websocket JSON-RPC message from exec-server websocket \S+:\d+: ./;

/** The n-th answer with id -1. */
async function malformed(client: Client, n = 1): Promise<Message> {
  return client.wait('an answer with id -1', () => client.log.filter((m) => m.id === -1)[n - 1]);
}

const BAD: Record<string, string | Buffer> = {
  'an empty frame': '',
  'no JSON': 'hello',
  'half a document': '{"id":1,"method":"environment/status"',
  'two documents': '{"id":1,"method":"environment/status"}{"id":2,"method":"environment/status"}',
  'a batch': '[{"id":1,"method":"environment/status"}]',
  'a string': '"x"',
  'a number': '17',
  null: 'null',
  'an empty object': '{}',
  'an object that is none of the four kinds': '{"foo":1}',
  'an id alone': '{"id":1}',
  'a byte order mark': '\ufeff{"id":1,"method":"environment/status"}',
  'not UTF-8': Buffer.from([0x22, 0xff, 0xfe, 0x22]),
  NaN: '{"id":1,"method":"environment/status","params":NaN}',
  'the method as a number': '{"id":1,"method":7}',
};

describe('the envelope', () => {
  for (const [what, frame] of Object.entries(BAD)) {
    both(`messages: malformed (${what}) is -32600 with id -1, and the connection goes on`, async (t) => {
      const { client } = await t.session();
      client.raw(frame, typeof frame !== 'string');
      const { error, result } = await malformed(client);
      assert.equal(error?.code, -32600);
      assert.match(error.message, PREFIX);
      assert.equal(result, undefined);
      assert.deepEqual(await client.call('environment/status'), { status: 'ready' });
      assert.equal(client.log.filter((m) => m.id === -1).length, 1);
    });
  }

  both('messages: malformed before initialize is answered too', async (t) => {
    const client = await t.connect();
    client.raw('{');
    assert.equal((await malformed(client)).error?.code, -32600);
    assert.ok(await client.call('initialize', { clientName: 'x' }));
  });

  both('messages: non-objects are told to be objects', async (t) => {
    const client = await t.connect();
    client.raw('[1]');
    assert.match((await malformed(client)).error?.message ?? '', /expected a JSON-RPC object/);
  });

  both('messages: ids are strings (also empty) or 64-bit integers, echoed with their type', async (t) => {
    const { client } = await t.session();
    for (const id of ['', 'a', '7', 0, -5, Number.MAX_SAFE_INTEGER]) {
      client.send({ id, method: 'environment/status' });
      const answer = await client.wait('the echo', () => client.log.find((m) => m.id === id));
      assert.deepEqual(answer.result, { status: 'ready' });
    }
  });

  both('messages: integers at the ends of 64 bits are echoed digit by digit', async (t) => {
    const { client } = await t.session();
    const texts: string[] = [];
    client.socket.on('message', (data: Buffer) => texts.push(data.toString()));
    for (const id of ['9223372036854775807', '-9223372036854775808', '9007199254740993']) {
      client.raw(`{"id":${id},"method":"environment/status"}`);
      await client.call('environment/status');
      assert.ok(
        texts.some((text) => text.includes(`"id":${id},`)),
        texts.join(),
      );
    }
  });

  const NO_IDS = ['1.5', '1.0', '1e0', 'null', 'true', '{}', '[1]', '1e400', '18446744073709551616'];
  for (const id of [...NO_IDS, '9223372036854775808', '-9223372036854775809']) {
    both(`messages: the id ${id} makes a message malformed`, async (t) => {
      const { client } = await t.session();
      client.raw(`{"id":${id},"method":"environment/status"}`);
      assert.equal((await malformed(client)).error?.code, -32600);
      assert.deepEqual(await client.call('environment/status'), { status: 'ready' });
    });
  }

  both('messages: the server does not check that ids are unique', async (t) => {
    const { client } = await t.session();
    for (let i = 0; i < 3; i++) client.post('environment/status', undefined, 'same');
    await client.wait('three answers', () => client.log.filter((m) => m.id === 'same')[2]);
  });

  both('messages: unknown members are ignored, also "jsonrpc" with any value', async (t) => {
    const { client } = await t.session();
    for (const more of [
      { jsonrpc: '2.0' },
      { jsonrpc: 7 },
      { foo: { bar: [] } },
      { trace: null },
      { trace: { traceparent: 'x' } },
    ]) {
      const id = JSON.stringify(more);
      client.send({ id, method: 'environment/status', ...more });
      assert.deepEqual(await client.settle(id), { status: 'ready' });
    }
  });

  both('messages: no message of the server has a jsonrpc member', async (t) => {
    const { client, ...rest } = await t.session();
    assert.ok(rest.id);
    await client.fails('no/such');
    assert.equal(
      client.log.some((m) => 'jsonrpc' in m),
      false,
    );
  });

  both('messages: an id and a method make a request, even with a result', async (t) => {
    const { client } = await t.session();
    client.send({ id: 'x', method: 'environment/status', result: 1 });
    assert.deepEqual(await client.settle('x'), { status: 'ready' });
  });

  const FATAL: Record<string, unknown> = {
    'an unknown notification': { method: 'no/such' },
    'a request method sent as a notification': { method: 'process/read', params: { processId: 'x' } },
    'an unasked-for response': { id: 99, result: {} },
    'an unasked-for error': { id: 99, error: { code: 1, message: 'x' } },
  };
  for (const [what, message] of Object.entries(FATAL)) {
    both(`messages: ${what} closes the connection without any reply`, async (t) => {
      const { client } = await t.session();
      await client.call('environment/status');
      const before = client.log.length;
      client.send(message);
      await client.closed;
      assert.deepEqual(client.log.slice(before), []);
    });
  }

  both('messages: initialized before initialize closes the connection without any reply', async (t) => {
    const client = await t.connect();
    client.notify('initialized', {});
    await client.closed;
    assert.deepEqual(client.log, []);
  });
});
