import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toCharacters, Wildcard, WorkError } from '../../../../src/process/env/wildcard';

function matchesWildcard(pattern: string, text: string, work = { left: Infinity }): boolean {
  return new Wildcard(pattern).matches(toCharacters(text), work);
}

/** The obvious definition, exponential. */
function slowMatch(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*') {
    return slowMatch(pattern.slice(1), text) || (text !== '' && slowMatch(pattern, text.slice(1)));
  }
  return (
    text !== '' &&
    (pattern[0] === '?' || pattern[0] === text[0]) &&
    slowMatch(pattern.slice(1), text.slice(1))
  );
}

describe('matchesWildcard', () => {
  for (const [pattern, text, expected] of [
    ['*KEY*', 'MY_key_2', true],
    ['*KEY*', 'KEY', true],
    ['KEY', 'KEY2', false],
    ['A?C', 'abc', true],
    ['A?C', 'ac', false],
    ['[AB]', 'A', false],
    ['[AB]', '[ab]', true],
    ['a.c', 'abc', false],
    ['', '', true],
    ['*', '', true],
    ['?', '😀', true],
  ] as const) {
    it(`${JSON.stringify(pattern)} ${expected ? 'takes' : 'refuses'} ${JSON.stringify(text)}`, () => {
      assert.equal(matchesWildcard(pattern, text), expected);
    });
  }

  it('agrees with the definition', () => {
    const letters = (alphabet: string, maxLength: number): fc.Arbitrary<string> =>
      fc.array(fc.constantFrom(...alphabet.split('')), { maxLength }).map((array) => array.join(''));
    fc.assert(
      fc.property(letters('ab*?', 8), letters('ab', 10), (pattern, text) => {
        assert.equal(matchesWildcard(pattern, text), slowMatch(pattern, text));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes steps in proportion to the lengths, whatever stands between the stars', () => {
    for (const [pattern, text] of [
      ['*a'.repeat(20_000) + 'b', 'a'.repeat(80_000)],
      [`*${'a'.repeat(40_000)}b*`, 'a'.repeat(80_000)],
      [`*${'ab'.repeat(20_000)}*c*`, 'ab'.repeat(40_000)],
      [`*b${'a'.repeat(40_000)}*`, 'a'.repeat(80_000)],
    ] as const) {
      assert.equal(matchesWildcard(pattern, text, { left: pattern.length + 3 * text.length }), false);
    }
  });

  it('gives up where a part with ? would take the product of both lengths', () => {
    const [pattern, text] = [`*${'a'.repeat(20_000)}?b*`, 'a'.repeat(80_000)];
    assert.throws(() => matchesWildcard(pattern, text, { left: 20_000_000 }), WorkError);
  });
});
