import assert from 'node:assert/strict';
import { both } from './cases.js';

const UNKNOWN = [
  'zzz',
  '',
  'process/list',
  'process/pause',
  'initialized',
  'Environment/status',
  'process/output',
];

describe('error codes', () => {
  for (const method of UNKNOWN) {
    both(`messages: the request "${method}" is -32601 with the text of the reference`, async (t) => {
      const { client } = await t.session();
      assert.deepEqual(await client.fails(method, {}), {
        code: -32601,
        message: `exec-server stub does not implement \`${method}\` yet`,
      });
    });
  }

  both('messages: the method is looked up before the handshake state', async (t) => {
    const client = await t.connect();
    assert.equal((await client.fails('zzz')).code, -32601);
  });

  both('messages: params are decoded before the handshake state is checked', async (t) => {
    const client = await t.connect();
    const { code, message } = await client.fails('process/read', {});
    assert.deepEqual([code, message], [-32602, 'missing field `processId`']);
  });

  both('messages: unknown members of params are ignored', async (t) => {
    const { client } = await t.session();
    const more = { foo: 1, bar: { baz: [] } };
    assert.deepEqual(await client.call('process/terminate', { processId: 'x', ...more }), { running: false });
  });

  both('messages: absent params count as null', async (t) => {
    const { client } = await t.session();
    const absent = await client.fails('process/read');
    client.send({ id: 'n', method: 'process/read', params: null });
    const { error } = await client.answer('n');
    assert.equal(absent.code, -32602);
    assert.deepEqual(error, absent);
  });

  const WRONG: [string, unknown, RegExp][] = [
    ['process/read', { processId: 7 }, /invalid type: (number|integer `7`), expected a string/],
    ['process/read', { processId: 'x', afterSeq: 'a' }, /invalid type: string/],
    ['process/read', { processId: 'x', afterSeq: -1 }, /invalid number|invalid value/],
    ['process/read', { processId: 'x', maxBytes: 1.5 }, /invalid/],
    ['process/signal', { processId: 'x', signal: 'x' }, /unknown variant `x`, expected `interrupt`/],
    ['process/signal', { processId: 'x' }, /missing field `signal`/],
    ['process/write', { processId: 'x', chunk: '' }, /missing field `writeId`/],
    ['process/write', { processId: 'x', writeId: '1' }, /missing field `chunk`/],
    ['process/terminate', {}, /missing field `processId`/],
    ['process/start', {}, /missing field `processId`/],
    ['fs/readFile', {}, /missing field `path`/],
    ['fs/writeFile', { path: 'file:///tmp/x' }, /missing field `dataBase64`/],
    ['fs/walk', { path: 'file:///tmp' }, /missing field `options`/],
  ];
  for (const [method, params, text] of WRONG) {
    both(`messages: ${method} ${JSON.stringify(params)} is -32602 and says why`, async (t) => {
      const { client } = await t.session();
      const error = await client.fails(method, params);
      assert.equal(error.code, -32602);
      assert.match(error.message, text);
      assert.equal('data' in error, false);
    });
  }
});
