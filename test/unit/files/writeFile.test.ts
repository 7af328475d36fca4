import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { writeFile } from '../../../src/files';
import {
  LINK_LOOP,
  makeFifo,
  NO_FOLLOW,
  NOT_A_DIRECTORY,
  NOT_FOUND,
  refused,
  useTempDirectory,
} from './support';

const content = Buffer.from('new');

describe('files: writeFile', () => {
  const at = useTempDirectory();

  it('makes a file and replaces one, keeping its mode', async () => {
    await writeFile(at('fresh'), content);
    assert.equal(readFileSync(at('fresh'), 'utf8'), 'new');
    writeFileSync(at('script'), 'a longer text before');
    chmodSync(at('script'), 0o750);
    await writeFile(at('script'), content);
    assert.equal(readFileSync(at('script'), 'utf8'), 'new');
    assert.equal(statSync(at('script')).mode & 0o777, 0o750);
  });

  it('writes through links, also dangling ones', async () => {
    symlinkSync('target', at('link'));
    await writeFile(at('link'), content);
    assert.equal(readFileSync(at('target'), 'utf8'), 'new');
  });

  it('needs the directory to be there', async () => {
    writeFileSync(at('file'), '');
    symlinkSync('nowhere/file', at('dangling'));
    await refused(writeFile(at('missing', 'file'), content), ...NOT_FOUND);
    await refused(writeFile(at('dangling'), content), ...NOT_FOUND);
    await refused(writeFile(at('file', 'below'), content), ...NOT_A_DIRECTORY);
  });

  it('refuses a directory, and a FIFO without a reader at once', async () => {
    mkdirSync(at('directory'));
    makeFifo(at('fifo'));
    await refused(writeFile(at('directory'), content), 'other', 'Is a directory (os error 21)');
    await refused(writeFile(at('fifo'), content), 'other', 'No such device or address (os error 6)');
  });

  it('tells that a disk is full', async function () {
    if (process.platform !== 'linux') this.skip();
    await refused(writeFile('/dev/full', content), 'other', 'No space left on device (os error 28)');
  });

  it('follows no link if so asked', async () => {
    mkdirSync(at('directory'));
    symlinkSync('directory', at('alias'));
    symlinkSync('target', at('link'));
    await writeFile(at('directory', 'file'), content, NO_FOLLOW);
    assert.equal(readFileSync(at('directory', 'file'), 'utf8'), 'new');
    await refused(writeFile(at('link'), content, NO_FOLLOW), ...LINK_LOOP);
    await refused(writeFile(at('alias', 'file'), content, NO_FOLLOW), ...NOT_A_DIRECTORY);
    await refused(writeFile(at('missing', 'file'), content, NO_FOLLOW), ...NOT_FOUND);
  });
});
