import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { FileHandles } from '../../../src/files';
import { makeFifo, NOT_FOUND, refused, useTempDirectory } from './support';

const BAD_DESCRIPTOR = ['other', 'Bad file descriptor (os error 9)'] as const;
const unknown = (id: string) => ['notFound', `unknown file handle \`${id}\``] as const;

describe('files: handles', () => {
  const at = useTempDirectory();
  let handles: FileHandles;
  beforeEach(() => {
    handles = new FileHandles();
  });
  afterEach(() => handles[Symbol.asyncDispose]());

  it('read blocks; only a short one is the last', async () => {
    writeFileSync(at('file'), 'abcdef');
    await handles.open('', at('file'));
    const blocks = await Promise.all([
      handles.readBlock('', 0, 4),
      handles.readBlock('', 4, 2),
      handles.readBlock('', 4, 3),
      handles.readBlock('', 100, 1),
      handles.readBlock('', Number.MAX_SAFE_INTEGER, 1),
    ]);
    assert.deepEqual(
      blocks.map(({ chunk, eof }) => [chunk.toString(), eof]),
      [
        ['abcd', false],
        ['ef', false],
        ['ef', true],
        ['', true],
        ['', true],
      ],
    );
  });

  it('close after what is under way on them, which takes nothing of the next file', async () => {
    writeFileSync(at('first'), 'first');
    writeFileSync(at('next'), 'x'.repeat(1000));
    for (let round = 0; round < 200; round++) {
      await handles.open('first', at('first'));
      // The end of the file takes a second look, for which it must still be this one.
      const read = handles.readBlock('first', 0, 1000);
      const closed = handles.close('first');
      await Promise.all([handles.open('next', at('next')), closed]);
      const { chunk, eof } = await read;
      assert.deepEqual([chunk.toString(), eof], ['first', true], `round ${round}`);
      await handles.close('next');
    }
  });

  it('replace at once, in any order, with zeroes in the holes', async () => {
    writeFileSync(at('file'), 'before');
    await handles.open('w', at('file'), 'replace');
    assert.equal(readFileSync(at('file'), 'utf8'), '');
    await handles.writeBlock('w', 4, Buffer.from('yz'));
    await handles.writeBlock('w', 0, Buffer.from('ab'));
    await handles.close('w');
    assert.equal(readFileSync(at('file'), 'utf8'), 'ab\0\0yz');
  });

  it('know their mode; a failed read closes, a failed write does not', async () => {
    writeFileSync(at('file'), 'x');
    await handles.open('r', at('file'));
    await refused(handles.writeBlock('r', 0, Buffer.from('a')), ...BAD_DESCRIPTOR);
    assert.equal((await handles.readBlock('r', 0, 1)).chunk.toString(), 'x');
    await handles.open('w', at('new'), 'replace');
    const far = Number.MAX_SAFE_INTEGER;
    await refused(handles.writeBlock('w', far, Buffer.from('a')), 'other', 'File too large (os error 27)');
    await handles.writeBlock('w', 0, Buffer.from('a'));
    await refused(handles.readBlock('w', 0, 1), ...BAD_DESCRIPTOR);
    await refused(handles.readBlock('w', 0, 1), ...unknown('w'));
  });

  it('refuse lengths out of bounds and stay open', async () => {
    writeFileSync(at('file'), '');
    await handles.open('h', at('file'), 'replace');
    const read = 'file read block length must be between 1 and 1048576';
    const write = 'file write block length must be between 1 and 1048576';
    for (const length of [0, -1, 1.5, 1048577])
      await refused(handles.readBlock('h', 0, length), 'invalid', read);
    await refused(handles.writeBlock('h', 0, Buffer.alloc(0)), 'invalid', write);
    await refused(handles.writeBlock('h', 0, Buffer.alloc(1048577)), 'invalid', write);
    await handles.writeBlock('h', 0, Buffer.alloc(1048576));
  });

  it('refuse ids that are long, taken or unknown', async () => {
    writeFileSync(at('file'), '');
    const long = 'file handle ID must not exceed 32 bytes';
    await refused(handles.open('é'.repeat(17), at('file')), 'invalid', long);
    const first = handles.open('h'.repeat(32), at('file'));
    const taken = `file handle \`${'h'.repeat(32)}\` already exists`;
    await refused(handles.open('h'.repeat(32), at('file')), 'invalid', taken);
    await first;
    await refused(handles.readBlock('x', 0, 1), ...unknown('x'));
    await handles.close('x');
  });

  it('are 128 at most, counted while they open, and free again after a failure', async () => {
    writeFileSync(at('file'), '');
    await refused(handles.open('a', at('missing')), ...NOT_FOUND);
    const opening = Array.from({ length: 128 }, (_, index) => handles.open(String(index), at('file')));
    const many = 'at most 128 file handles may be open per connection';
    await refused(handles.open('one more', at('file')), 'invalid', many);
    await Promise.all(opening);
    await handles.close('5');
    await handles.open('one more', at('file'));
  });

  it('are for regular files only', async () => {
    mkdirSync(at('directory'));
    makeFifo(at('fifo'));
    const { length } = openDescriptors();
    for (const path of [at('directory'), at('fifo'), '/dev/zero']) {
      await refused(handles.open('h', path), 'invalid', `path \`${path}\` is not a file`);
    }
    await refused(handles.open('h', '/dev/null', 'replace'), 'invalid', 'path `/dev/null` is not a file');
    await refused(handles.open('h', at('directory'), 'replace'), 'other', 'Is a directory (os error 21)');
    await refused(
      handles.open('h', at('fifo'), 'replace'),
      'other',
      'No such device or address (os error 6)',
    );
    assert.equal(openDescriptors().length, length);
  });

  it('give everything back when disposed, also what was opening or reading', async () => {
    writeFileSync(at('file'), Buffer.alloc(1 << 20));
    const { length } = openDescriptors();
    await handles.open('a', at('file'));
    const reading = handles.readBlock('a', 0, 1 << 20);
    const opening = handles.open('b', at('file'));
    await handles[Symbol.asyncDispose]();
    await Promise.allSettled([reading, opening]);
    assert.equal(openDescriptors().length, length);
    await refused(handles.open('c', at('file')), ...BAD_DESCRIPTOR);
  });
});

/** What this process holds open; nothing to compare where the system does not tell. */
function openDescriptors(): string[] {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd') : [];
}
