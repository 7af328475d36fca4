import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Glob } from '../../../../src/sandbox/policy/glob';
import { assertGrowth } from '../../../support/growth';

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

  describe('takes at most the product of both lengths for what keeps a regular expression busy', () => {
    /** For four times the length: well above what is meant, which is linear or square, and below the next worse growth. */
    const [LINEAR, SQUARE] = [8, 32];
    const busy: [string, number, number, (size: number) => [string, string]][] = [
      ['stars in a name', 100, SQUARE, (size) => ['*a'.repeat(size) + 'b', 'a'.repeat(5 * size)]],
      ['stars of folders', 50, SQUARE, (size) => ['**/a/'.repeat(size) + 'b', 'a/'.repeat(5 * size)]],
      ['braces in brackets', 25, SQUARE, (size) => ['[{'.repeat(size) + ',}'.repeat(size), 'x']],
      ['open brackets', 1000, LINEAR, (size) => ['['.repeat(size), 'x']],
    ];
    for (const [name, small, times, make] of busy) {
      it(name, () => {
        const large = 4 * small;
        const made = new Map([small, large].map((size) => [size, make(size)]));
        const work = (size: number): void => {
          const [pattern = '', path = ''] = made.get(size) ?? [];
          assert.ok(!matches(pattern, path));
        };
        assertGrowth(work, { small, large, times });
      });
    }
  });

  it('is refused if it is too long, has too many choices, or an open end', () => {
    for (const pattern of ['a'.repeat(4097), '{a,b}'.repeat(20), 'a\\', '{a,b'])
      assert.throws(() => new Glob(pattern), /pattern .* cannot be used/, pattern);
  });
});
