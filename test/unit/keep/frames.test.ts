import assert from 'node:assert/strict';
import { frameHead, FrameSplitter, MAX_PART_BYTES, type Frame } from '../../../src/keep/frames';

const frameOf = (head: unknown, body: Buffer): Buffer => Buffer.concat([frameHead(head, body.length), body]);

/** What comes out when the stream is cut into pieces of this size. */
function cut(stream: Buffer, size: number): Frame[] {
  const splitter = new FrameSplitter();
  const frames: Frame[] = [];
  for (let at = 0; at < stream.length; at += size) {
    const piece = Buffer.from(stream.subarray(at, at + size));
    for (const { head, body } of splitter.push(piece)) frames.push({ head, body: Buffer.from(body) });
  }
  return frames;
}

describe('frames between a window and a kept server', () => {
  const bodies = [Buffer.alloc(0), Buffer.from('\x00\xff{}', 'latin1'), Buffer.alloc(70_000, 7)];
  const frames = bodies.map((body, id) => ({ head: { id, text: 'ä\n' }, body }));
  const stream = Buffer.concat(frames.map(({ head, body }) => frameOf(head, body)));

  for (const size of [1, 2, 7, 8, 9, 64 * 1024, stream.length])
    it(`come out as they went in, in pieces of ${size} bytes`, () =>
      assert.deepEqual(cut(stream, size), frames));

  it('what came in pieces is left nowhere but in the body', () => {
    const secret = Buffer.from('a secret');
    const sent = frameOf({ verb: 'type' }, secret);
    const pieces = [Buffer.from(sent.subarray(0, -4)), Buffer.from(sent.subarray(-4))];
    const splitter = new FrameSplitter();
    const out = pieces.flatMap((piece) => [...splitter.push(piece)]);
    assert.equal(out[0]?.body.toString(), 'a secret');
    assert.ok(pieces.every((piece) => piece.every((byte) => byte === 0)));
  });

  it('what is no frame is refused', () => {
    const lengths = Buffer.alloc(8);
    lengths.writeUInt32LE(MAX_PART_BYTES + 1, 4);
    assert.throws(() => [...new FrameSplitter().push(lengths)], /too long/);
  });
});
