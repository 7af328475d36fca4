import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { copy } from '../../../src/files';
import { EXISTS, makeFifo, NOT_FOUND, refused, useTempDirectory } from './support';

describe('files: copy', () => {
  const at = useTempDirectory();
  const deep = { recursive: true };

  it('copies a file with its mode, over another', async () => {
    writeFileSync(at('source'), 'content');
    chmodSync(at('source'), 0o751);
    writeFileSync(at('old'), 'something much longer');
    await copy(at('source'), at('old'), { recursive: false });
    assert.equal(readFileSync(at('old'), 'utf8'), 'content');
    assert.equal(statSync(at('old')).mode & 0o777, 0o751);
  });

  it('loses nothing when a file is copied to itself', async () => {
    writeFileSync(at('file'), 'content');
    symlinkSync('file', at('link'));
    await copy(at('file'), at('file'), deep);
    await copy(at('file'), at('link'), deep);
    assert.equal(readFileSync(at('file'), 'utf8'), 'content');
  });

  it('merges trees, links as links, special files left out', async () => {
    mkdirSync(at('source', 'sub'), { recursive: true });
    writeFileSync(at('source', 'sub', 'new'), 'new');
    symlinkSync('nowhere', at('source', 'dangling'));
    makeFifo(at('source', 'fifo'));
    mkdirSync(at('target', 'sub'), { recursive: true });
    writeFileSync(at('target', 'sub', 'kept'), 'kept');
    await copy(at('source'), at('target'), deep);
    assert.deepEqual(readdirSync(at('target', 'sub')).sort(), ['kept', 'new']);
    assert.equal(readlinkSync(at('target', 'dangling')), 'nowhere');
    assert.ok(!existsSync(at('target', 'fifo')));
    await copy(at('source', 'sub'), at('far', 'away'), deep);
    assert.equal(readFileSync(at('far', 'away', 'new'), 'utf8'), 'new');
  });

  it('copies a link itself, and only where nothing is', async () => {
    symlinkSync('ring', at('ring'));
    await copy(at('ring'), at('copied'), { recursive: false });
    assert.ok(lstatSync(at('copied')).isSymbolicLink());
    await refused(copy(at('ring'), at('copied'), deep), ...EXISTS);
  });

  it('refuses a directory without recursive, or into itself also through links', async () => {
    mkdirSync(at('source', 'sub'), { recursive: true });
    mkdirSync(at('source-2'));
    symlinkSync('source', at('link'));
    const itself = [
      'invalid',
      'fs/copy cannot copy a directory to itself or one of its descendants',
    ] as const;
    const flat = copy(at('source'), at('x'), { recursive: false });
    await refused(flat, 'invalid', 'fs/copy requires recursive: true when sourcePath is a directory');
    await refused(copy(at('source'), at('source'), deep), ...itself);
    await refused(copy(at('source'), at('source', 'sub', 'x', 'y'), deep), ...itself);
    await refused(copy(at('source'), at('link', 'x'), deep), ...itself);
    await copy(at('source'), at('source-2'), deep);
  });

  it('refuses special files as source and as destination, at once', async () => {
    const only = ['invalid', 'fs/copy only supports regular files, directories, and symlinks'] as const;
    makeFifo(at('fifo'));
    writeFileSync(at('file'), '');
    await refused(copy(at('fifo'), at('x'), deep), ...only);
    await refused(copy(at('file'), at('fifo'), deep), ...only);
  });

  it('tells what the system says', async () => {
    writeFileSync(at('file'), '');
    mkdirSync(at('directory'));
    await refused(copy(at('missing'), at('x'), deep), ...NOT_FOUND);
    await refused(copy(at('file'), at('missing', 'x'), deep), ...NOT_FOUND);
    await refused(copy(at('file'), at('directory'), deep), 'other', 'Is a directory (os error 21)');
    await refused(copy(at('directory'), at('file'), deep), ...EXISTS);
  });
});
