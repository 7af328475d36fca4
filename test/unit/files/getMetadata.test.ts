import assert from 'node:assert/strict';
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { getMetadata } from '../../../src/files';
import {
  LINK_IN_PATH,
  LINK_LOOP,
  makeFifo,
  NO_FOLLOW,
  NOT_A_DIRECTORY,
  NOT_FOUND,
  refused,
  useTempDirectory,
} from './support';

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
