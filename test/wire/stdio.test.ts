import assert from 'node:assert/strict';
import { both } from './cases.js';
import { SHOW, type Shown } from './fixtures.js';

const PIPE = /^pipe:\[\d+\]$/;

/** The descriptors of Node itself are of no interest. */
const NODE_OWN = /^anon_inode:|^pipe:|^\/proc\/|^socket:/;

describe('ch 5: the descriptors of a child', () => {
  both('ch 5: without pipeStdin, stdin is /dev/null and at its end at once', async (t) => {
    const session = await t.session();
    const proc = await session.run('readlink /proc/self/fd/0; cat; echo end');
    assert.equal(proc.text(), '/dev/null\nend\n');
  });

  both('ch 5: with pipeStdin, stdin is a pipe', async (t) => {
    const session = await t.session();
    assert.match(await session.text('readlink /proc/self/fd/0', { pipeStdin: true }), PIPE);
  });

  both('ch 5: stdout and stderr are two pipes', async (t) => {
    const session = await t.session();
    const [out, err] = (await session.text('readlink /proc/$$/fd/1; readlink /proc/$$/fd/2')).split('\n');
    assert.match(out ?? '', PIPE);
    assert.match(err ?? '', PIPE);
    assert.notEqual(out, err);
  });

  both('ch 5: /dev/stdout and /dev/stderr can be opened', async (t) => {
    const session = await t.session();
    const proc = await session.run('echo e > /dev/stderr; echo o > /dev/stdout; echo f > /proc/self/fd/2');
    assert.equal(proc.text('stderr'), 'e\nf\n');
    assert.equal(proc.text('stdout'), 'o\n');
    assert.equal(proc.exitCode, 0);
  });

  both('ch 5: /dev/stdin can be opened', async (t) => {
    const session = await t.session();
    const proc = await session.sh('head -n 1 /dev/stdin', { pipeStdin: true });
    await proc.write('word\n');
    await proc.closed();
    assert.equal(proc.text(), 'word\n');
  });

  for (const tty of [false, true]) {
    both(`ch 5: no other descriptors are inherited ${tty ? 'on a terminal' : 'with pipes'}`, async (t) => {
      const session = await t.session();
      // sh itself opens nothing; ls opens the listing as its one extra descriptor
      const proc = await session.start(['ls', '/proc/self/fd'], { tty });
      await proc.closed();
      assert.deepEqual(proc.text().trim().split(/\s+/), ['0', '1', '2', '3']);
      const shown = await session.start(SHOW);
      await shown.closed();
      const { fds } = JSON.parse(shown.text()) as Shown;
      const foreign = Object.entries(fds).filter(([fd, target]) => Number(fd) > 2 && !NODE_OWN.test(target));
      assert.deepEqual(foreign, [], 'foreign descriptors');
    });
  }

  both('ch 5: no descriptor leaks into children that start side by side', async (t) => {
    const session = await t.session();
    const listings = Array.from({ length: 20 }, async (_, i) => {
      const proc = await session.start(['ls', '/proc/self/fd'], { pipeStdin: i % 2 === 0, tty: i % 5 === 4 });
      await proc.closed();
      return proc.text().trim().split(/\s+/).join(' ');
    });
    for (const listing of await Promise.all(listings)) assert.equal(listing, '0 1 2 3');
  });

  both('ch 5: a reader that goes away makes the writer fail, signals being at their defaults', async (t) => {
    const session = await t.session();
    const proc = await session.run('yes | head -n 1; grep -E "SigIgn" /proc/self/status');
    assert.match(proc.text(), /^y\nSigIgn:\s+0+\n$/);
  });
});
