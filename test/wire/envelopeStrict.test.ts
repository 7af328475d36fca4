import assert from 'node:assert/strict';
import { both } from './cases.js';
import type { Client, Message } from './client.js';

const VALUES = 262_144;

async function malformed(client: Client): Promise<Message> {
  return client.wait('an answer with id -1', () => client.log.find((m) => m.id === -1));
}

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

const BAD: Record<string, [string, RegExp]> = {
  'a key that occurs twice': ['{"id":1,"method":"environment/status","id":1}', /duplicate/],
  'a key that occurs twice further down': [
    '{"id":1,"method":"environment/status","params":{"x":[{"a":1,"a":2}]}}',
    /duplicate JSON object key `a`/,
  ],
  'more than 262144 values': [
    `{"id":1,"method":"environment/status","x":[${'0,'.repeat(VALUES)}0]}`,
    /exceeds the limit of 262144 JSON values/,
  ],
  'nesting of more than 127 levels': [
    `{"id":1,"method":"environment/status","x":${nested(127)}}`,
    /recursion limit exceeded/,
  ],
  'a lone surrogate': ['{"id":1,"method":"environment/status","x":"\\ud800"}', /surrogate|hex escape/],
  'a lone surrogate in a key': ['{"id":1,"method":"environment/status","\\udc00":1}', /surrogate|hex escape/],
  'a lone surrogate in an id': ['{"id":"\\ud800","method":"environment/status"}', /surrogate|hex escape/],
  'a pair of surrogates in the wrong order': [
    '{"id":1,"method":"environment/status","x":"\\ude00\\ud83d"}',
    /surrogate|hex escape/,
  ],
  'a key that occurs twice, once written with an escape': [
    '{"id":1,"method":"environment/status","x":{"a":1,"\\u0061":2}}',
    /duplicate JSON object key `a`/,
  ],
  'a trace of a wrong type': ['{"id":1,"method":"environment/status","trace":7}', /./],
  'a trace with a member of a wrong type': [
    '{"id":1,"method":"environment/status","trace":{"traceparent":7}}',
    /./,
  ],
};

/** What `x` may not be. */
const NO_JSON: Record<string, string> = {
  Infinity: 'Infinity',
  'a leading zero': '01',
  'a leading plus': '+1',
  'no digit before the point': '.5',
  'no digit behind the point': '5.',
  'a hexadecimal number': '0x1',
  'an escape that is none': '"\\x"',
  'a control character in a string': '"\u0001"',
  'a string in single quotes': "'a'",
  'a trailing comma': '[1,]',
  'a comment': '1/**/',
};

describe('strictness of the envelope', () => {
  for (const [what, value] of Object.entries(NO_JSON)) {
    both(`messages: bad JSON (${what}) is malformed`, async (t) => {
      const { client } = await t.session();
      client.raw(`{"id":1,"method":"environment/status","x":${value}}`);
      assert.equal((await malformed(client)).error?.code, -32600);
      assert.deepEqual(await client.call('environment/status'), { status: 'ready' });
    });
  }

  both('messages: exactly 127 levels and 262144 values are accepted', async (t) => {
    const { client } = await t.session();
    client.raw(`{"id":"n","method":"environment/status","x":${nested(126)}}`);
    assert.deepEqual(await client.settle('n'), { status: 'ready' });
    // The message, its id, its method and the list are four of them.
    client.raw(`{"id":"v","method":"environment/status","x":[${'0,'.repeat(VALUES - 5)}0]}`);
    assert.deepEqual(await client.settle('v'), { status: 'ready' });
    client.raw(`{"id":"w","method":"environment/status","x":[${'0,'.repeat(VALUES - 4)}0]}`);
    assert.match((await malformed(client)).error?.message ?? '', /262144/);
  });

  both('messages: the same key in two objects, escaped pairs and any white space are fine', async (t) => {
    const { client } = await t.session();
    const fine = [
      '{"id":ID,"method":"environment/status","x":[{"a":1},{"a":1,"b":{"a":1}}]}',
      '{"id":ID,"method":"environment/status","x":"\\ud83d\\ude00","\\ud83d\\ude00":1}',
      ' \n\t{ "id" : ID ,\r\n "method" : "environment/status" } \n',
      '{"id":ID,"method":"environment/status","":{"__proto__":1,"constructor":2}}',
    ];
    for (const [i, text] of fine.entries()) {
      client.raw(text.replace('ID', `"f${String(i)}"`));
      assert.deepEqual(await client.settle(`f${String(i)}`), { status: 'ready' });
    }
  });

  both('messages: a trace of a notification is as good as any unknown member', async (t) => {
    const client = await t.connect();
    await client.call('initialize', { clientName: 'x' });
    client.send({ method: 'initialized', trace: 7 });
    assert.deepEqual(await client.call('environment/status'), { status: 'ready' });
  });

  const NO_KIND: Record<string, string> = {
    'an error without a message': '{"id":1,"error":{"code":1}}',
    'an error whose code is no number': '{"id":1,"error":{"code":"1","message":"x"}}',
    'an error that is null': '{"id":1,"error":null}',
    'a result without an id': '{"result":1}',
    'an error without an id': '{"error":{"code":1,"message":"x"}}',
    'a method that is null': '{"id":1,"method":null}',
  };
  for (const [what, text] of Object.entries(NO_KIND)) {
    both(`messages: ${what} is none of the four kinds`, async (t) => {
      const { client } = await t.session();
      client.raw(text);
      assert.equal((await malformed(client)).error?.code, -32600);
      assert.deepEqual(await client.call('environment/status'), { status: 'ready' });
    });
  }

  for (const [what, [frame, text]] of Object.entries(BAD)) {
    both(`messages: ${what} is malformed`, async (t) => {
      const { client } = await t.session();
      client.raw(frame);
      const { error } = await malformed(client);
      assert.equal(error?.code, -32600);
      assert.match(error.message, text);
      assert.deepEqual(await client.call('environment/status'), { status: 'ready' });
    });
  }

  both('messages: much, but not too much, of everything is accepted', async (t) => {
    const { client } = await t.session();
    client.raw(`{"id":"n","method":"environment/status","x":${nested(100)}}`);
    assert.deepEqual(await client.settle('n'), { status: 'ready' });
    client.raw(`{"id":"v","method":"environment/status","x":[${'0,'.repeat(VALUES / 2)}0]}`);
    assert.deepEqual(await client.settle('v'), { status: 'ready' });
    client.raw('{"id":"e","method":"environment/status","x":1e400}');
    assert.deepEqual(await client.settle('e'), { status: 'ready' });
  });
});
