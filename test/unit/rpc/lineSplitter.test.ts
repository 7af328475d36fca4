import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LineSplitter, LineTooLongError } from '../../../src/rpc/lineSplitter';

/** What comes out of a stream that arrives in these pieces. */
function split(pieces: readonly Buffer[], maxBytes = 1000): string[] {
  const splitter = new LineSplitter(maxBytes);
  const lines = pieces.flatMap((piece) => [...splitter.push(piece)]);
  return [...lines, ...splitter.finish()].map((line) => line.toString('latin1'));
}

/** Cuts at these places, wherever they are. */
function cut(stream: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (stream.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((start, index) => stream.subarray(start, at[index] ?? stream.length));
}

/** Any bytes that are one line: not blank, and without an end of their own. */
const line = fc
  .uint8Array({ minLength: 1, maxLength: 40 })
  .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x0a)).toString('latin1'))
  .filter((text) => /[^\t-\r ]/.test(text) && !text.endsWith('\r'));
const ending = fc.constantFrom('\n', '\r\n', '\n\n', '\n \t\r\n', '\r\n\r\n\n');

describe('lines', () => {
  it('come out whole and in order, wherever the bytes are cut and however the lines end', () => {
    const places = fc.array(fc.nat(5000), { maxLength: 60 });
    fc.assert(
      fc.property(fc.array(fc.tuple(line, ending)), fc.option(line), places, (whole, last, at) => {
        const stream = Buffer.from([...whole.flat(), last ?? ''].join(''), 'latin1');
        const expected = whole.map(([text]) => text);
        if (last !== null) expected.push(last);
        assert.deepEqual(split(cut(stream, at)), expected);
      }),
    );
  });

  it('come out of single bytes', () => {
    const stream = Buffer.from('{"a":1}\r\n\n{"b":"é€😀"}\n x');
    const bytes = [...stream].map((byte) => Buffer.of(byte));
    assert.deepEqual(split(bytes), split([stream]));
    assert.equal(split(bytes).length, 3);
  });

  it('may be as large as the bound, and not a byte larger', () => {
    for (const end of ['\n', '\r\n', '']) {
      for (const size of [1, 3, 64]) {
        const stream = (length: number): Buffer[] => {
          const bytes = Buffer.from(`ok\n${'x'.repeat(length)}${end}`);
          return cut(
            bytes,
            Array.from({ length: bytes.length / size }, (_, index) => index * size),
          );
        };
        assert.deepEqual(split(stream(50), 50), ['ok', 'x'.repeat(50)]);
        assert.throws(() => split(stream(51), 50), LineTooLongError);
      }
    }
  });

  it('that never end are refused as soon as they are too large', () => {
    const splitter = new LineSplitter(100);
    const piece = Buffer.alloc(10, 'x');
    for (let i = 0; i < 10; i++) assert.deepEqual([...splitter.push(piece)], []);
    assert.throws(() => [...splitter.push(piece)], /more than 100 bytes/);
  });

  it('before one that is too large still come out', () => {
    const lines = new LineSplitter(3).push(Buffer.from('abc\nabcd\n'));
    assert.equal(String(lines.next().value), 'abc');
    assert.throws(() => lines.next(), LineTooLongError);
  });
});
