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
import { copy, remove } from '../../../src/files';
import {
  EXISTS,
  LINK_IN_PATH,
  makeFifo,
  NO_FOLLOW,
  NOT_A_DIRECTORY,
  NOT_FOUND,
  refused,
  useTempDirectory,
} from './support';

describe('files: remove', () => {
  const at = useTempDirectory();
  const notEmpty = [
    -32603,
    process.platform === 'darwin' ? 'Directory not empty (os error 66)' : 'Directory not empty (os error 39)',
  ] as const;

  it('removes files, trees and what is not there', async () => {
    writeFileSync(at('file'), '');
    mkdirSync(at('tree', 'a', 'b'), { recursive: true });
    writeFileSync(at('tree', 'a', 'file'), '');
    if (process.platform === 'linux') {
      writeFileSync(Buffer.concat([Buffer.from(at('tree', 'odd-')), Buffer.from([0xff])]), '');
    }
    for (const path of [at('file'), at('tree'), at('missing')]) await remove(path);
    assert.deepEqual(readdirSync(at()), []);
  });

  it('needs force for what is missing and recursive for what is full', async () => {
    writeFileSync(at('file'), '');
    mkdirSync(at('tree', 'a'), { recursive: true });
    await refused(remove(at('missing'), { force: false }), ...NOT_FOUND);
    await refused(remove(at('file', 'below')), ...NOT_A_DIRECTORY);
    await refused(remove(at('tree'), { recursive: false }), ...notEmpty);
    await remove(at('tree', 'a'), { recursive: false });
  });

  it('removes links, never what they lead to', async () => {
    mkdirSync(at('kept'));
    writeFileSync(at('kept', 'file'), '');
    symlinkSync('kept', at('link'));
    symlinkSync('nowhere', at('dangling'));
    mkdirSync(at('tree'));
    symlinkSync('../kept', at('tree', 'link'));
    for (const name of ['link/', 'dangling', 'tree']) await remove(at(name));
    assert.deepEqual(readdirSync(at()), ['kept']);
    assert.ok(existsSync(at('kept', 'file')));
  });

  it('follows no link if so asked, and then removes no trees', async () => {
    mkdirSync(at('directory'));
    writeFileSync(at('directory', 'file'), '');
    symlinkSync('directory', at('link'));
    const single = { ...NO_FOLLOW, recursive: false };
    await refused(remove(at('directory'), NO_FOLLOW), -32603, 'recursive no-follow removal is unsupported');
    await refused(remove(at('link'), single), ...LINK_IN_PATH);
    await refused(remove(at('link', 'file'), single), ...NOT_A_DIRECTORY);
    await refused(remove(at('directory'), single), ...notEmpty);
    await refused(remove(at('missing'), { ...single, force: false }), ...NOT_FOUND);
    await remove(at('missing'), single);
    await remove(at('directory', 'file'), single);
    await remove(at('directory'), single);
    assert.deepEqual(readdirSync(at()), ['link']);
  });
});

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
    const itself = [-32600, 'fs/copy cannot copy a directory to itself or one of its descendants'] as const;
    const flat = copy(at('source'), at('x'), { recursive: false });
    await refused(flat, -32600, 'fs/copy requires recursive: true when sourcePath is a directory');
    await refused(copy(at('source'), at('source'), deep), ...itself);
    await refused(copy(at('source'), at('source', 'sub', 'x', 'y'), deep), ...itself);
    await refused(copy(at('source'), at('link', 'x'), deep), ...itself);
    await copy(at('source'), at('source-2'), deep);
  });

  it('refuses special files as source and as destination, at once', async () => {
    const only = [-32600, 'fs/copy only supports regular files, directories, and symlinks'] as const;
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
    await refused(copy(at('file'), at('directory'), deep), -32603, 'Is a directory (os error 21)');
    await refused(copy(at('directory'), at('file'), deep), ...EXISTS);
  });
});
