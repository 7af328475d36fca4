import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
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
    ['YWJj€', 'Invalid symbol 226, offset 4.'],
    ['YW\u4141j', 'Invalid symbol 228, offset 2.'],
    ['YQ==YQ==', 'Invalid symbol 61, offset 2.'],
  ];
  for (const [text, message] of texts) {
    it(`says what is wrong with ${JSON.stringify(text)}`, () => {
      assert.throws(() => decodeBase64(text), { message });
    });
  }

  /** Processor time for each MiB of the text. */
  const msPerMiB = (text: string): number => {
    const begun = process.cpuUsage();
    try {
      decodeBase64(text);
    } catch (error) {
      assert.ok(error instanceof Base64Error);
    }
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1000 / (text.length / (1 << 20));
  };

  it('takes as long for each part of a large text as for one of a small, good or bad', () => {
    const large = Buffer.alloc(8 << 20, 'abcdefgh').toString('base64');
    for (const text of [large, `${large}\n`, `\n${large}`, `${large.slice(0, -4)}€${large}`]) {
      assert.ok(msPerMiB(text) < 100, text.slice(-4));
    }
  });

  it('decodes without more memory than the result takes', () => {
    const mib = 96;
    const script = [
      `const { decodeBase64 } = require('./src/protocol/base64.ts');`,
      `const text = Buffer.alloc(${mib} * 2 ** 20, 'A').toString('latin1');`,
      `const before = process.resourceUsage().maxRSS;`,
      `const { length } = decodeBase64(text);`,
      `console.log((process.resourceUsage().maxRSS - before) * 1024 / length);`,
    ].join('\n');
    const args = ['--import', 'tsx', '-e', script];
    // The engine's own threads take memory too, now and then much at once: what decoding takes is the least.
    const times = Array.from({ length: 3 }, () => {
      const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      return Number(stdout) || assert.fail(stderr);
    });
    assert.ok(Math.min(...times) < 1.5, `${times.join(', ')} times the result`);
  });

  it('encodes large content piece by piece, as Node does whole', () => {
    const piece = 3 * 256 * 1024;
    for (const length of [0, 1, 2, 3, piece - 1, piece, piece + 1, 2 * piece + 2, 3 * piece]) {
      const data = Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255));
      assert.equal(encodeBase64(data).toString('latin1'), data.toString('base64'), String(length));
    }
  });
});
