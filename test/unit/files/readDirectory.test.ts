import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { canonicalize } from '../../../src/files';
import {
  LINK_LOOP,
  listed,
  makeFifo,
  NOT_A_DIRECTORY,
  NOT_FOUND,
  refused,
  useTempDirectory,
} from './support';

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
    const entries = await listed(at());
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
    assert.deepEqual(await listed(at()), [{ fileName: 'odd-\ufffd', isDirectory: false, isFile: true }]);
  });

  it('refuses files and missing paths', async () => {
    writeFileSync(at('file'), '');
    await refused(listed(at('file')), ...NOT_A_DIRECTORY);
    await refused(listed(at('missing')), ...NOT_FOUND);
  });
});
