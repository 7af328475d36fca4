import assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { both, ours } from './cases.js';
import type { Json } from './client.js';
import type { Session } from './session.js';

/** What the one who started the suite left open is not the fault of the server. */
const left = new Set(
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  }),
);

/** The descriptors of `ls` beyond the three and that of the listing. */
async function foreign(session: Session, more: Json): Promise<string[]> {
  const proc = await session.start(['ls', '-l', '/proc/self/fd/'], more);
  await proc.closed();
  const lines = proc.text().matchAll(/ (\d+) -> (?:'?)(.+?)'?\r?\n/g);
  const fds = [...lines].map(([, fd = '', target = '']) => ({ fd: Number(fd), target }));
  assert.ok(fds.length >= 4, proc.text());
  return fds
    .filter(({ fd, target }) => fd > 2 && !/^\/proc\/\d+\/fd\/?$/.test(target) && !left.has(target))
    .map(({ fd, target }) => `${String(fd)} ${target}`);
}

describe('the descriptors of a child', () => {
  both('start: without pipeStdin, stdin is /dev/null and at its end at once', async (t) => {
    const session = await t.session();
    const proc = await session.run('readlink /proc/self/fd/0; cat; echo end');
    assert.equal(proc.text(), '/dev/null\nend\n');
  });

  both('start: with pipeStdin, stdin is a pipe', async (t) => {
    const session = await t.session();
    assert.equal(await session.text('stat -L -c %F /dev/stdin', { pipeStdin: true }), 'fifo');
  });

  both('start: stdout and stderr are two pipes', async (t) => {
    const session = await t.session();
    const [out, err] = (await session.text('stat -L -c "%F %i" /proc/$$/fd/1 /proc/$$/fd/2')).split('\n');
    for (const kind of [out, err]) assert.match(kind ?? '', /^fifo \d+$/);
    assert.notEqual(out, err);
  });

  both('start: /dev/stdout and /dev/stderr can be opened', async (t) => {
    const session = await t.session();
    const proc = await session.run('echo e > /dev/stderr; echo o > /dev/stdout; echo f > /proc/self/fd/2');
    assert.equal(proc.text('stderr'), 'e\nf\n');
    assert.equal(proc.text('stdout'), 'o\n');
    assert.equal(proc.exitCode, 0);
  });

  both('start: /dev/stdin can be opened', async (t) => {
    const session = await t.session();
    const proc = await session.sh('head -n 1 /dev/stdin', { pipeStdin: true });
    await proc.write('word\n');
    await proc.closed();
    assert.equal(proc.text(), 'word\n');
  });

  for (const tty of [false, true]) {
    both(`start: no other descriptors are inherited ${tty ? 'on a terminal' : 'with pipes'}`, async (t) => {
      const session = await t.session();
      for (let i = 0; i < 5; i++) assert.deepEqual(await foreign(session, { tty }), []);
    });
  }

  both('start: no descriptor leaks into children that start side by side', async (t) => {
    const session = await t.session();
    const all = Array.from({ length: 40 }, (_, i) =>
      foreign(session, { pipeStdin: i % 2 === 0, tty: i % 5 === 4 }),
    );
    for (const list of await Promise.all(all)) assert.deepEqual(list, []);
  });

  both('start: a descriptor that the server itself was given is not passed on', async (t) => {
    const path = `${await t.dir()}/given`;
    await writeFile(path, '');
    // far up, behind a gap, where a run-time may not expect one
    const wrap = ['bash', '-c', 'exec 99<"$0"; exec "$@"', path];
    const session = await t.session(await t.ownServer([], wrap));
    for (const tty of [false, true])
      assert.doesNotMatch(await session.text('ls -l /proc/self/fd/', { tty }), /given/);
  });

  ours(
    'start: what Node itself is just reading is not closed under it',
    async (t) => {
      const path = `${await t.dir()}/authorities`;
      await writeFile(path, '');
      // As if the thread that reads it were at work all the time.
      const wrap = ['bash', '-c', 'exec 98<"$0"; NODE_EXTRA_CA_CERTS="$0" exec "$@"', path];
      const session = await t.session(await t.ownServer([], wrap));

      assert.equal(await session.text('readlink /proc/$PPID/fd/98'), path);
    },
    'ours only, the reference is no program of Node',
  );

  both('start: a reader that goes away makes the writer fail, signals being at their defaults', async (t) => {
    const session = await t.session();
    const proc = await session.run('yes | head -n 1; grep -E "SigIgn" /proc/self/status');
    assert.match(proc.text(), /^y\nSigIgn:\s+0+\n$/);
  });
});
