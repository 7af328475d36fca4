import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Glob } from '../../../../src/sandbox/policy/glob';

const matches = (pattern: string, path: string) =>
  new Glob(pattern).matches(path.split('/').filter((name) => name !== ''));

describe('a pattern of paths', () => {
  const cases: [string, string[], string[]][] = [
    ['*.key', ['a.key', '.key', 'é.key'], ['a.keys', 'a/b.key', '']],
    ['**/*.env', ['.env', 'a/.env', 'a/b/x.env'], ['a/env', 'a/.env/b']],
    ['a/**', ['a/b', 'a/b/c'], ['a', 'b/a']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/b/b/b'], ['a', 'b', 'ab']],
    ['**', ['a', 'a/b'], ['']],
    ['a**c', ['ac', 'abc'], ['a/c']],
    ['?', ['a', '💥'], ['', 'ab']],
    ['[a-c]x', ['ax', 'cx'], ['dx', '[a-c]x']],
    ['[!a-c]x', ['dx'], ['ax']],
    ['[]a]', [']', 'a'], ['b']],
    ['[a', ['[a'], ['a']],
    ['{a,b{1,2}}.x', ['a.x', 'b1.x', 'b2.x'], ['b.x', 'b3.x']],
    ['{a/b,c}/d', ['a/b/d', 'c/d'], ['a/d']],
    ['{,x}y', ['y', 'xy'], ['zy']],
    ['\\*a', ['*a'], ['ba']],
    ['@(a)', ['@(a)'], ['a']],
    ['!a', ['!a'], ['b']],
  ];
  for (const [pattern, yes, no] of cases)
    it(pattern, () => {
      for (const path of yes) assert.ok(matches(pattern, path), path);
      for (const path of no) assert.ok(!matches(pattern, path), path);
    });

  it('says the same as trying all ways', () => {
    const slow = (pattern: string, text: string): boolean => {
      if (pattern === '') return text === '';
      if (pattern.startsWith('*'))
        return slow(pattern.slice(1), text) || (text !== '' && slow(pattern, text.slice(1)));
      return (
        text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && slow(pattern.slice(1), text.slice(1))
      );
    };
    const text = (chars: string) =>
      fc.string({ unit: fc.constantFrom(...Array.from(chars)), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(text('ab?*'), text('ab'), (pattern, name) => {
        fc.pre(!/^\*\*+$/.test(pattern));
        assert.equal(matches(pattern, name), slow(pattern, name));
      }),
      { numRuns: 3000 },
    );
  });

  it('takes no time for what keeps a regular expression busy', () => {
    const start = performance.now();
    assert.ok(!matches('*a'.repeat(100) + 'b', 'a'.repeat(255)));
    assert.ok(!matches('**/a/'.repeat(100) + 'b', 'a/'.repeat(500)));
    assert.ok(!matches('[{'.repeat(100) + ',}'.repeat(100), 'x'));
    assert.ok(!matches('['.repeat(4000), 'x'));
    assert.ok(performance.now() - start < 1000);
  });

  it('is refused if it is too long, has too many choices, or an open end', () => {
    for (const pattern of ['a'.repeat(4097), '{a,b}'.repeat(20), 'a\\', '{a,b'])
      assert.throws(() => new Glob(pattern), /pattern .* cannot be used/, pattern);
  });
});
