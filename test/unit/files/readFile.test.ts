import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { readFile } from '../../../src/files';
import {
  LINK_LOOP,
  makeFifo,
  NO_FOLLOW,
  NOT_A_DIRECTORY,
  NOT_FOUND,
  refused,
  unprivileged,
  useTempDirectory,
} from './support';

describe('files: readFile', () => {
  const at = useTempDirectory();

  it('gives the bytes, also of an empty file and through links', async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 128]);
    writeFileSync(at('file'), bytes);
    writeFileSync(at('empty'), '');
    symlinkSync('file', at('link'));
    assert.deepEqual(await readFile(at('file')), bytes);
    assert.deepEqual(await readFile(at('link')), bytes);
    assert.equal((await readFile(at('empty'))).length, 0);
  });

  it('reads many blocks in order', async () => {
    const bytes = Buffer.alloc(20 * 1024 * 1024, 'abcdefg');
    writeFileSync(at('large'), bytes);
    assert.ok(bytes.equals(await readFile(at('large'))));
  });

  it('reads files that hide their size', async function () {
    if (process.platform !== 'linux') this.skip();
    assert.match((await readFile('/proc/self/status')).toString(), /^Name:/);
  });

  it('survives a file that grows meanwhile', async () => {
    writeFileSync(at('log'), 'x'.repeat(1000));
    const reading = Promise.all(Array.from({ length: 50 }, () => readFile(at('log'))));
    for (let line = 0; line < 200; line += 1) appendFileSync(at('log'), 'y'.repeat(5000));
    for (const content of await reading) assert.match(content.toString(), /^x{1000}y*$/);
  });

  it('refuses what is no regular file, at once', async () => {
    mkdirSync(at('directory'));
    makeFifo(at('fifo'));
    symlinkSync('fifo', at('to-fifo'));
    for (const path of [at('directory'), at('fifo'), at('to-fifo'), '/dev/zero', '/dev/tty']) {
      await refused(readFile(path), 'invalid', `path \`${path}\` is not a file`);
    }
  });

  it('refuses more than 512 MiB without reading it', async () => {
    writeFileSync(at('sparse'), '');
    truncateSync(at('sparse'), 512 * 1024 * 1024 + 1);
    await refused(readFile(at('sparse')), 'invalid', 'file is too large to read: limit is 536870912 bytes');
  });

  it('takes exactly 512 MiB', async () => {
    writeFileSync(at('sparse'), '');
    truncateSync(at('sparse'), 512 * 1024 * 1024);
    assert.equal((await readFile(at('sparse'))).length, 512 * 1024 * 1024);
  });

  it('tells what the system says', async function () {
    writeFileSync(at('file'), '');
    symlinkSync('nowhere', at('dangling'));
    symlinkSync('ring', at('ring'));
    await refused(readFile(at('missing')), ...NOT_FOUND);
    await refused(readFile(at('dangling')), ...NOT_FOUND);
    await refused(readFile(at('file', 'below')), ...NOT_A_DIRECTORY);
    await refused(readFile(at('ring')), ...LINK_LOOP);
    await refused(readFile('relative'), 'invalid', 'path must be absolute');
    if (process.platform === 'linux')
      await refused(readFile('/proc/self/mem'), 'other', 'I/O error (os error 5)');
  });

  it('tells that permission is denied', async function () {
    if (process.platform === 'win32') this.skip();
    writeFileSync(at('closed'), '');
    chmodSync(at('closed'), 0);
    await unprivileged([at(), at('closed')], () =>
      refused(readFile(at('closed')), 'invalid', 'Permission denied (os error 13)'),
    );
  });

  it('follows no link if so asked', async () => {
    mkdirSync(at('directory'));
    writeFileSync(at('directory', 'file'), 'content');
    symlinkSync('directory', at('link'));
    symlinkSync('file', at('directory', 'alias'));
    makeFifo(at('fifo'));
    assert.equal((await readFile(at('directory', 'file'), NO_FOLLOW)).toString(), 'content');
    await refused(readFile(at('directory', 'alias'), NO_FOLLOW), ...LINK_LOOP);
    await refused(readFile(at('link', 'file'), NO_FOLLOW), ...NOT_A_DIRECTORY);
    await refused(readFile(at('directory', 'missing'), NO_FOLLOW), ...NOT_FOUND);
    await refused(readFile(at('directory'), NO_FOLLOW), 'invalid', 'path is not a regular file');
    await refused(readFile(at('fifo'), NO_FOLLOW), 'invalid', 'path is not a regular file');
  });

  it('takes names that are not UTF-8 as bytes', async function () {
    if (process.platform !== 'linux') this.skip();
    const path = Buffer.concat([Buffer.from(at('odd-')), Buffer.from([0xff])]);
    writeFileSync(path, 'odd');
    assert.equal((await readFile(path)).toString(), 'odd');
    assert.equal((await readFile(path, NO_FOLLOW)).toString(), 'odd');
  });
});
