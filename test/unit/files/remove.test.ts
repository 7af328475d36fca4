import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { remove } from '../../../src/files';
import { LINK_IN_PATH, NO_FOLLOW, NOT_A_DIRECTORY, NOT_FOUND, refused, useTempDirectory } from './support';

describe('files: remove', () => {
  const at = useTempDirectory();
  const notEmpty = [
    'other',
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
    await refused(remove(at('directory'), NO_FOLLOW), 'other', 'recursive no-follow removal is unsupported');
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
