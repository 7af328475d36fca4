import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Base64Error, decodeBase64, encodeBase64 } from '../../../src/protocol';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A slow decoder that takes only canonical text: bit by bit. */
function oracle(text: string): number[] | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const symbols = text.replace(/=+$/, '');
  if (symbols.length % 4 === 1) return undefined;
  const bits = Array.from(symbols)
    .map((c) => ALPHABET.indexOf(c).toString(2).padStart(6, '0'))
    .join('');
  const whole = bits.length - (bits.length % 8);
  if (bits.slice(whole).includes('1')) return undefined;
  return Array.from({ length: whole / 8 }, (_, i) => Number.parseInt(bits.slice(i * 8, i * 8 + 8), 2));
}

function decode(text: string): number[] | undefined {
  try {
    return [...decodeBase64(text)];
  } catch (error) {
    assert.ok(error instanceof Base64Error);
    assert.match(error.message, /^Invalid (symbol|padding|input length|last symbol)/);
    return undefined;
  }
}

describe('strict base64', () => {
  it('decodes what it encodes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        assert.deepEqual(decode(Buffer.from(bytes).toString('base64')), [...bytes]);
      }),
    );
  });

  it('agrees with a slow decoder on arbitrary text', () => {
    const nearly = fc.string({
      unit: fc.constantFrom(...Array.from('AAAQg+/9=-_ \nŠŁſ\u4141')),
      maxLength: 24,
    });
    fc.assert(
      fc.property(nearly, (text) => assert.deepEqual(decode(text), oracle(text))),
      { numRuns: 20_000 },
    );
  });

  const texts: [string, string][] = [
    ['!', 'Invalid symbol 33, offset 0.'],
    ['ab-_', 'Invalid symbol 45, offset 2.'],
    ['YQ', 'Invalid padding'],
    ['YQ=', 'Invalid padding'],
    ['YWJj\nYWJj', 'Invalid symbol 10, offset 4.'],
    ['====', 'Invalid symbol 61, offset 0.'],
    ['YR==', 'Invalid last symbol 82, offset 1.'],
    ['Y', 'Invalid input length: 1'],
  ];
  for (const [text, message] of texts) {
    it(`says what is wrong with ${JSON.stringify(text)}`, () => {
      assert.throws(() => decodeBase64(text), { message });
    });
  }

  it('encodes large content piece by piece, as Node does whole', () => {
    const piece = 3 * 256 * 1024;
    for (const length of [0, 1, 2, 3, piece - 1, piece, piece + 1, 2 * piece + 2, 3 * piece]) {
      const data = Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255));
      assert.equal(encodeBase64(data).toString('latin1'), data.toString('base64'), String(length));
    }
  });
});
