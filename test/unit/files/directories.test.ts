import assert from 'node:assert/strict';
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { canonicalize, createDirectory, getMetadata, readDirectory } from '../../../src/files';
import {
  EXISTS,
  LINK_IN_PATH,
  LINK_LOOP,
  makeFifo,
  NO_FOLLOW,
  NOT_A_DIRECTORY,
  NOT_FOUND,
  refused,
  useTempDirectory,
} from './support';

describe('files: createDirectory', () => {
  const at = useTempDirectory();
  const flat = { recursive: false };

  it('makes parents and accepts what is there, unless told otherwise', async () => {
    await createDirectory(at('a', 'b', 'c'));
    await createDirectory(at('a', 'b', 'c'));
    await createDirectory('/');
    assert.ok(statSync(at('a', 'b', 'c')).isDirectory());
    await refused(createDirectory(at('a'), flat), ...EXISTS);
    await refused(createDirectory(at('x', 'y'), flat), ...NOT_FOUND);
    await createDirectory(at('x'), flat);
  });

  it('serves many at once', async () => {
    await Promise.all(Array.from({ length: 30 }, () => createDirectory(at('p', 'q', 'r', 's'))));
  });

  it('takes a link to a directory, but neither files nor dangling links', async () => {
    mkdirSync(at('directory'));
    writeFileSync(at('file'), '');
    symlinkSync('directory', at('link'));
    symlinkSync('nowhere', at('dangling'));
    await createDirectory(at('link'));
    await createDirectory(at('link', 'new'));
    await refused(createDirectory(at('file')), ...EXISTS);
    await refused(createDirectory(at('dangling')), ...EXISTS);
    await refused(createDirectory(at('file', 'below')), ...NOT_A_DIRECTORY);
  });

  it('follows no link if so asked', async () => {
    mkdirSync(at('directory'));
    symlinkSync('directory', at('link'));
    await createDirectory(at('directory', 'x', 'y'), NO_FOLLOW);
    await createDirectory(at('directory', 'x', 'y'), NO_FOLLOW);
    assert.ok(statSync(at('directory', 'x', 'y')).isDirectory());
    await refused(createDirectory(at('link'), NO_FOLLOW), ...NOT_A_DIRECTORY);
    await refused(createDirectory(at('link', 'new'), NO_FOLLOW), ...NOT_A_DIRECTORY);
    await refused(createDirectory(at('link'), { ...flat, ...NO_FOLLOW }), ...EXISTS);
    await refused(createDirectory(at('no', 'way'), { ...flat, ...NO_FOLLOW }), ...NOT_FOUND);
  });
});

describe('files: getMetadata', () => {
  const at = useTempDirectory();

  it('describes what is led to, and whether a link led there', async () => {
    writeFileSync(at('file'), 'four');
    symlinkSync('file', at('link'));
    const { mtimeMs } = statSync(at('file'));
    const { createdAtMs, ...rest } = await getMetadata(at('file'));
    const expected = {
      isDirectory: false,
      isFile: true,
      isSymlink: false,
      size: 4,
      modifiedAtMs: Math.floor(mtimeMs),
    };
    assert.deepEqual(rest, expected);
    assert.ok(Number.isInteger(createdAtMs) && createdAtMs >= 0);
    assert.deepEqual(await getMetadata(at('link')), { ...expected, isSymlink: true, createdAtMs });
  });

  it('knows directories and things that are neither', async () => {
    makeFifo(at('fifo'));
    const directory = await getMetadata(at());
    const fifo = await getMetadata(at('fifo'));
    assert.deepEqual([directory.isDirectory, directory.isFile], [true, false]);
    assert.deepEqual([fifo.isDirectory, fifo.isFile], [false, false]);
  });

  it('tells missing, dangling and circular apart', async () => {
    writeFileSync(at('file'), '');
    symlinkSync('nowhere', at('dangling'));
    symlinkSync('ring', at('ring'));
    await refused(getMetadata(at('missing')), ...NOT_FOUND);
    await refused(getMetadata(at('dangling')), ...NOT_FOUND);
    await refused(getMetadata(at('ring')), ...LINK_LOOP);
    await refused(getMetadata(at('ring', 'below')), ...LINK_LOOP);
    await refused(getMetadata(at('file', 'below')), ...NOT_A_DIRECTORY);
  });

  it('follows no link if so asked', async () => {
    mkdirSync(at('directory', 'sub'), { recursive: true });
    symlinkSync('directory', at('link'));
    symlinkSync('ring', at('ring'));
    assert.equal((await getMetadata(at('directory'), NO_FOLLOW)).isDirectory, true);
    assert.equal((await getMetadata('/', NO_FOLLOW)).isDirectory, true);
    await refused(getMetadata(at('link'), NO_FOLLOW), ...LINK_IN_PATH);
    await refused(getMetadata(at('ring'), NO_FOLLOW), ...LINK_IN_PATH);
    await refused(getMetadata(at('link', 'sub'), NO_FOLLOW), ...NOT_A_DIRECTORY);
    await refused(getMetadata(at('missing'), NO_FOLLOW), ...NOT_FOUND);
  });
});

describe('files: canonicalize and readDirectory', () => {
  const at = useTempDirectory();

  it('resolves links', async () => {
    mkdirSync(at('directory'));
    symlinkSync('directory', at('link'));
    symlinkSync('ring', at('ring'));
    assert.equal(await canonicalize(at('link', '..', 'link') + '/'), at('directory'));
    await refused(canonicalize(at('missing')), ...NOT_FOUND);
    await refused(canonicalize(at('ring')), ...LINK_LOOP);
  });

  it('lists everything but links to nowhere', async () => {
    mkdirSync(at('directory'));
    writeFileSync(at('.hidden'), '');
    makeFifo(at('fifo'));
    symlinkSync('directory', at('link'));
    symlinkSync('nowhere', at('dangling'));
    symlinkSync('ring', at('ring'));
    const entries = await readDirectory(at());
    assert.deepEqual(
      entries.map(({ fileName, isDirectory, isFile }) => [fileName, isDirectory, isFile]).sort(),
      [
        ['.hidden', false, true],
        ['directory', true, false],
        ['fifo', false, false],
        ['link', true, false],
      ],
    );
  });

  it('replaces bytes that are not UTF-8', async function () {
    if (process.platform !== 'linux') this.skip();
    writeFileSync(Buffer.concat([Buffer.from(at('odd-')), Buffer.from([0xff])]), '');
    assert.deepEqual(await readDirectory(at()), [
      { fileName: 'odd-\ufffd', isDirectory: false, isFile: true },
    ]);
  });

  it('refuses files and missing paths', async () => {
    writeFileSync(at('file'), '');
    await refused(readDirectory(at('file')), ...NOT_A_DIRECTORY);
    await refused(readDirectory(at('missing')), ...NOT_FOUND);
  });
});
