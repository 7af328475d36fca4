import assert from 'node:assert/strict';
import fs, { constants } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { disk } from '../../../src/blocking';
import { SlowCalls } from './support';

/** Does the same with every call, and tells what came of it. */
async function tryAll(root: string): Promise<unknown> {
  fs.mkdirSync(root);
  const at = (name: string) => join(root, name);
  await disk.mkdir(at('folder'));
  const fd = await disk.open(at('file'), constants.O_RDWR | constants.O_CREAT, 0o640);
  await disk.writeAll(fd, Buffer.from('xhello').subarray(1), 0);
  await disk.fchmod(fd, 0o600);
  const room = Buffer.alloc(8, '.');
  const count = await disk.read(fd, room, 1);
  const { kind, mode, size } = await disk.fstat(fd);
  await disk.close(fd);
  await disk.symlink('file', at('link'));
  await disk.symlink('nowhere', at('dangling'));
  const seen = [await disk.stat(at('link')), await disk.lstat(at('link'))];
  await disk.access(at('file'), constants.R_OK);
  const listed = await disk.list(root, { which: 'all', max: 4, follow: true });
  const cut = [
    await disk.list(root, { which: 'first', max: 2, follow: false }),
    await disk.list(root, { which: 'first', max: 2, after: Buffer.from('file'), follow: false }),
    await disk.list(root, { which: 'all', max: 3, follow: true }),
  ];
  const links = [await disk.realpath(at('link')), await disk.readlink(at('link'))].map((path) =>
    path.toString(),
  );
  await disk.unlink(at('link'));
  await disk.rmdir(at('folder'));
  const errors = await Promise.allSettled([disk.stat(at('link')), disk.open(at('no'), constants.O_RDONLY)]);
  const codes = errors.map((error) => (error as { reason?: NodeJS.ErrnoException }).reason?.code);
  return {
    count,
    room: room.toString(),
    kind,
    mode: mode & 0o777,
    size,
    seen: seen.map((stats) => [stats.kind, stats.ino > 0n, stats.birthtimeNs > 0n]),
    listed: [...listed].map((entry) => [entry.name.toString(), entry.kind, entry.isLink]).sort(),
    cut: cut.map((list) => [[...list].map(({ name, kind }) => `${name.toString()} ${kind}`), list.isCut]),
    links: links.map((link) => link.replace(root, '')),
    codes,
  };
}

const EXPECTED = {
  count: 4,
  room: 'ello....',
  kind: 'file',
  mode: 0o600,
  size: 5,
  seen: [
    ['file', true, true],
    ['link', true, true],
  ],
  listed: [
    ['dangling', 'nothing', true],
    ['file', 'file', false],
    ['folder', 'directory', false],
    ['link', 'file', true],
  ],
  cut: [
    [['dangling other', 'file file'], true],
    [['folder directory', 'link other'], false],
    [[], true],
  ],
  links: ['/file', 'file'],
  codes: ['ENOENT', 'ENOENT'],
};

describe('blocking: the calls', () => {
  before(function () {
    if (process.platform === 'win32') {
      if (this.test) this.test.title += ' [skipped: no FIFOs on this system]';
      this.skip();
    }
  });

  it('do in threads what they do in the pool', async () => {
    using slow = new SlowCalls();
    assert.deepEqual(await tryAll(join(slow.dir, 'pool')), EXPECTED);
    const stuck = [0, 1].map(() => disk.open(String(slow.call().args()[0]), constants.O_RDONLY));
    await delay(100);
    assert.deepEqual(await tryAll(join(slow.dir, 'threads')), EXPECTED);
    slow.release();
    for (const fd of await Promise.all(stuck)) await disk.close(fd);
  });

  it('read and write large content in threads without a part of other memory', async () => {
    using slow = new SlowCalls();
    const stuck = [0, 1].map(() => disk.open(String(slow.call().args()[0]), constants.O_RDONLY));
    await delay(100);
    const content = Buffer.alloc(20 << 20, 'abcdefg');
    const fd = await disk.open(join(slow.dir, 'large'), constants.O_RDWR | constants.O_CREAT);
    await disk.writeAll(fd, content, null);
    const back = Buffer.alloc(content.length);
    for (let end = 0; end < back.length;) {
      const count = await disk.read(fd, back.subarray(end, end + 1_000_003), end);
      assert.ok(count > 0);
      end += count;
    }
    assert.ok(back.equals(content));
    await disk.close(fd);
    slow.release();
    for (const opened of await Promise.all(stuck)) await disk.close(opened);
  });
});
