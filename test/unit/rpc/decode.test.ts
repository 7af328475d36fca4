import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeMessage } from '../../../src/rpc';
import { assertGrowth } from '../../support/growth';

const kindOf = (text: string): string => decodeMessage(text).kind;

describe('decodeMessage', () => {
  const kinds: [string, string][] = [
    ['{"id":1,"method":"m"}', 'request'],
    ['{"id":"","method":"m","params":[1]}', 'request'],
    ['{"id":1,"method":"m","result":2}', 'request'],
    ['{"method":"m"}', 'notification'],
    ['{"id":1,"result":null}', 'response'],
    ['{"id":1,"error":{"code":1,"message":"x"}}', 'error'],
    ['{"jsonrpc":7,"id":1,"method":"m"}', 'request'],
    ['{"id":1,"method":"m","trace":null}', 'request'],
    ['{"id":1,"method":"m","trace":{"traceparent":"x"}}', 'request'],
    ['{"id":1,"method":"m","params":1e400}', 'request'],
    ['{"id":1,"method":"m","trace":7}', 'malformed'],
    ['{"id":1,"method":"m","trace":{"tracestate":7}}', 'malformed'],
    ['{"id":1}', 'malformed'],
    ['{}', 'malformed'],
    ['[]', 'malformed'],
    ['', 'malformed'],
    ['\ufeff{"method":"m"}', 'malformed'],
    ['{"method":"m"}{"method":"m"}', 'malformed'],
    ['{"id":1,"method":7}', 'malformed'],
    ['{"id":1,"method":"m","a":{"b":1,"\\u0062":2}}', 'malformed'],
    ['{"id":1,"method":"m","a":[{"b":1},{"b":1}]}', 'request'],
    ['{"id":1,"method":"m","a":"\\ud83d\\ude00"}', 'request'],
    ['{"id":1,"method":"m","a":"\\ud83d"}', 'malformed'],
    ['{"id":1,"method":"m","a":"\\\\ud83d"}', 'request'],
  ];
  for (const [text, kind] of kinds)
    it(`${JSON.stringify(text)} is ${kind}`, () => assert.equal(kindOf(text), kind));

  it('keeps the type and every digit of an id', () => {
    const ids: [string, unknown][] = [
      ['1', 1],
      ['"1"', '1'],
      ['""', ''],
      ['-5', -5],
      ['9007199254740993', 9007199254740993n],
      ['-9223372036854775808', -9223372036854775808n],
      ['9223372036854775807', 9223372036854775807n],
    ];
    for (const [token, id] of ids) {
      const message = decodeMessage(`{"method":"m","a":{"id":7},"id" : ${token} }`);
      assert.deepEqual(message, { kind: 'request', id, method: 'm', params: undefined });
    }
  });

  for (const id of [
    '1.5',
    '1.0',
    '1e2',
    'null',
    'true',
    '{}',
    '[1]',
    '1e400',
    '9223372036854775808',
    '1E0',
  ]) {
    it(`the id ${id} is malformed`, () => assert.equal(kindOf(`{"id":${id},"method":"m"}`), 'malformed'));
  }

  it('takes every JSON value as params, and any white space', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 5, noUnicodeString: false }),
        fc.constantFrom(0, 2, '\t'),
        (params, indent) => {
          const text = JSON.stringify({ id: 'x', method: 'm', params }, undefined, indent);
          assert.deepEqual(decodeMessage(text), {
            kind: 'request',
            id: 'x',
            method: 'm',
            params: JSON.parse(JSON.stringify(params)) as unknown,
          });
        },
      ),
    );
  });

  it('finds every key that occurs twice, against a slow oracle', () => {
    // Objects as lists of entries, so that keys can repeat.
    const key = fc.constantFrom('a', 'b', '"', '\\', 'é', '__proto__');
    type Tree = number | string | [string, Tree][];
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.oneof({ maxDepth: 3 }, fc.nat(), key, fc.array(fc.tuple(key, tie('tree')), { maxLength: 4 })),
    }));
    const write = (node: Tree): string =>
      Array.isArray(node)
        ? `{${node.map(([name, value]) => `${JSON.stringify(name)}:${write(value)}`).join(',')}}`
        : JSON.stringify(node);
    const repeats = (node: Tree): boolean =>
      Array.isArray(node) &&
      (new Set(node.map(([name]) => name)).size < node.length || node.some(([, value]) => repeats(value)));
    fc.assert(
      fc.property(tree, (node) => {
        const message = decodeMessage(`{"id":1,"method":"m","params":${write(node)}}`);
        assert.equal(message.kind, repeats(node) ? 'malformed' : 'request');
      }),
      { numRuns: 2000 },
    );
  });

  it('never fails on arbitrary text', () => {
    const nearly = fc.string({ unit: fc.constantFrom(...Array.from('{}[]":,\\ud8 01eE.-idmethod')) });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearly), (text) => {
        assert.ok(kindOf(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('bounds depth and number of values without a deep stack', () => {
    const nested = (levels: number) => `{"id":1,"method":"m","x":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    assert.equal(kindOf(nested(126)), 'request');
    assert.equal(kindOf(nested(127)), 'malformed');
    assert.equal(kindOf(nested(1_000_000)), 'malformed');
    const many = (count: number) => `{"id":1,"method":"m","x":[${Array(count).fill('0').join(',')}]}`;
    assert.equal(kindOf(many(262_140)), 'request');
    assert.equal(kindOf(many(262_144)), 'malformed');
    const keys = (count: number) => Array.from({ length: count }, (_, index) => `"k${index}":`);
    assert.equal(kindOf(`{"id":1,"method":"m","x":{${keys(262_140).join('0,')}0}}`), 'request');
    // Without a bound a set would be asked to hold more than it can, which ends the server.
    const bare = decodeMessage(`{${keys(262_145).join('')}`);
    assert.deepEqual([bare.kind, /262144 JSON values/.test(JSON.stringify(bare))], ['malformed', true]);
  });

  it('is linear in the number of strings and escapes', () => {
    const [small, large] = [2000, 64_000];
    const texts = new Map(
      [small, large].map((length) => {
        const strings = Array.from({ length }, (_, i) => `"s${i}\\\\\\""`).join(',');
        return [length, `{"id":1,"method":"m","x":[${strings}]}`];
      }),
    );
    const decode = (length: number): void => assert.equal(kindOf(texts.get(length) ?? ''), 'request');
    assertGrowth(decode, { small, large, times: 200 });
  });
});
