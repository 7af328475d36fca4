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
  'a trace of a wrong type': ['{"id":1,"method":"environment/status","trace":7}', /./],
};

describe('ch 2: strictness of the envelope', () => {
  for (const [what, [frame, text]] of Object.entries(BAD)) {
    both(`ch 2: ${what} is malformed`, async (t) => {
      const { client } = await t.session();
      client.raw(frame);
      const { error } = await malformed(client);
      assert.equal(error?.code, -32600);
      assert.match(error.message, text);
      assert.deepEqual(await client.call('environment/status'), { status: 'ready' });
    });
  }

  both('ch 2: much, but not too much, of everything is accepted', async (t) => {
    const { client } = await t.session();
    client.raw(`{"id":"n","method":"environment/status","x":${nested(100)}}`);
    assert.deepEqual(await client.settle('n'), { status: 'ready' });
    client.raw(`{"id":"v","method":"environment/status","x":[${'0,'.repeat(VALUES / 2)}0]}`);
    assert.deepEqual(await client.settle('v'), { status: 'ready' });
    client.raw('{"id":"e","method":"environment/status","x":1e400}');
    assert.deepEqual(await client.settle('e'), { status: 'ready' });
  });
});
