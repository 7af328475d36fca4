import assert from 'node:assert/strict';
import { both, ours } from './cases.js';
import { examples } from './params.js';

const FAMILY: Record<string, string> = { process: 'exec', fs: 'filesystem', http: 'http' };

describe('the params of every method', () => {
  for (const [method, { params, required }] of Object.entries(examples())) {
    both(`messages: unknown members of the params of ${method} are ignored`, async (t) => {
      const { client } = await t.session();
      const more = { foo: 1, jsonrpc: '2.0', bar: { baz: [null] }, '': '' };
      const plain = await client.answer(client.post(method, params, 'plain'));
      const extended = await client.answer(client.post(method, { ...params, ...more }, 'more'));
      assert.deepEqual([extended.result, extended.error], [plain.result, plain.error]);
      assert.notEqual(plain.error?.code, -32602);
    });

    for (const field of required) {
      both(
        `messages: ${method} without ${field} is -32602 and names it, null and a list do not fit`,
        async (t) => {
          const { client } = await t.session();
          const error = await client.fails(method, { ...params, [field]: undefined });
          assert.equal(error.code, -32602);
          assert.ok(error.message.startsWith(`missing field \`${field}\``), error.message);
          for (const value of [null, field === 'missing' || field === 'argv' ? {} : []])
            assert.equal((await client.fails(method, { ...params, [field]: value })).code, -32602);
        },
      );
    }

    both(`sessions: ${method} is refused before initialize and before initialized`, async (t) => {
      const client = await t.connect();
      const family = FAMILY[method.split('/')[0] ?? ''] ?? '';
      for (const step of ['call initialize', 'send initialized']) {
        const message = `client must ${step} before using ${family} methods`;
        assert.deepEqual(await client.fails(method, params), { code: -32600, message });
        if (step === 'call initialize') await client.call('initialize', { clientName: 'x' });
      }
    });

    ours(
      `messages: a list as the params of ${method} is refused in words`,
      async (t) => {
        const { client } = await t.session();
        assert.deepEqual(await client.fails(method, Object.values(params)), {
          code: -32602,
          message: 'invalid type: sequence, expected an object',
        });
      },
      'the reference takes the list as the members in their order, an accident of its decoder that nobody uses',
    );
  }
});
