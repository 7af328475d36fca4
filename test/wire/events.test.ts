import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { both } from './cases.js';
import { fixture } from './fixtures.js';
import { alive } from './procfs.js';
import type { Proc } from './session.js';

/** 1, 2, 3 … without a gap, `closed` last. */
function assertSequence(proc: Proc): void {
  assert.deepEqual(
    proc.sorted.map((e) => e.seq),
    proc.events.map((_, i) => i + 1),
  );
  assert.equal(proc.sorted.at(-1)?.kind, 'closed');
  assert.equal(proc.events.at(-1)?.kind, 'closed');
  assert.equal(proc.events.filter((e) => e.kind === 'exited').length, 1);
}

describe('output, exit, close', () => {
  for (const tty of [false, true]) {
    const how = tty ? ' on a terminal' : '';
    both(`output: a process without output has exited 1 and closed 2${how}`, async (t) => {
      const session = await t.session();
      const proc = await session.run('exit 3', { tty });
      assert.deepEqual(
        proc.events.map((e) => [e.kind, e.seq]),
        [
          ['exited', 1],
          ['closed', 2],
        ],
      );
    });

    both(`output: one counter from 1 without gaps over output, exited and closed${how}`, async (t) => {
      const session = await t.session();
      const proc = await session.run('for i in 1 2 3 4 5; do echo o$i; echo e$i >&2; done; seq 20000', {
        tty,
      });
      assertSequence(proc);
      assert.match(proc.text(tty ? 'pty' : 'stderr'), /e1\r?\n[^]*e5/);
      assert.match(proc.text(tty ? 'pty' : 'stdout'), /o1\r?\n[^]*20000/);
    });
  }

  both('output: the members of the three notifications, and no others that a client relies on', async (t) => {
    const session = await t.session();
    const proc = await session.run('echo x');
    const [output, exited, closed] = proc.sorted.map((e) => e.params);
    assert.deepEqual(output, { processId: proc.id, seq: 1, stream: 'stdout', chunk: 'eAo=' });
    assert.deepEqual(exited, { processId: proc.id, seq: 2, exitCode: 0, sandboxDenied: false });
    assert.deepEqual(closed, { processId: proc.id, seq: 3 });
  });

  both('output: stdout and stderr are told apart', async (t) => {
    const session = await t.session();
    const proc = await session.run('echo out; echo err >&2');
    assert.deepEqual([proc.text('stdout'), proc.text('stderr')], ['out\n', 'err\n']);
  });

  both('output: chunks are byte-exact, whatever the bytes', async (t) => {
    const session = await t.session();
    const bytes = Buffer.from(Array.from({ length: 1 << 16 }, (_, i) => (i * 31 + (i >> 8)) & 255));
    const dir = await t.dir();
    await writeFile(`${dir}/bytes`, bytes);
    const proc = await session.run(`cat ${dir}/bytes`);
    assert.ok(proc.bytes().equals(bytes));
  });

  both('output: output comes when it is written, not at the end', async (t) => {
    const session = await t.session();
    const proc = await session.sh('printf "no newline"; read x', { pipeStdin: true });
    await proc.until('no newline');
    assert.equal(proc.exitCode, undefined);
    await proc.write('\n');
    await proc.closed();
  });

  both('output: exit codes 0 to 255', async (t) => {
    const session = await t.session();
    for (const code of [0, 1, 2, 127, 128, 137, 255])
      assert.equal((await session.run(`exit ${String(code)}`)).exitCode, code);
  });

  both('output: death by signal N is 128+N', async (t) => {
    const session = await t.session();
    for (const [signal, code] of [
      ['HUP', 129],
      ['INT', 130],
      ['ABRT', 134],
      ['KILL', 137],
      ['SEGV', 139],
      ['TERM', 143],
    ] as const)
      assert.equal((await session.run(`kill -${signal} $$`)).exitCode, code, signal);
  });

  both('output: a background child that holds a pipe delays closed and may still write', async (t) => {
    const session = await t.session();
    const flag = `${await t.dir()}/go`;
    const proc = await session.start(['/bin/sh', fixture('holder.sh'), flag]);
    assert.equal((await proc.exited()).exitCode, 5);
    const child = await proc.number('child');
    assert.ok(alive(child));
    assert.equal((await session.text('echo another')).length, 7);
    assert.equal(
      proc.events.some((e) => e.kind === 'closed'),
      false,
    );
    await writeFile(flag, '');
    await proc.closed();
    assert.match(proc.text(), /early\n[^]*late\n$/);
    const late = proc.events.find((e) => e.data.includes('late'));
    assert.ok((late?.seq ?? 0) > (await proc.exited()).seq);
    assertSequence(proc);
  });

  both('output: a child that closes its outputs early still exits and closes in order', async (t) => {
    const session = await t.session();
    const proc = await session.sh('echo x; exec >&- 2>&-; read y; exit 4', { pipeStdin: true });
    await proc.until('x');
    assert.equal((await session.text('echo another')).length, 7);
    assert.equal(proc.events.length, 1);
    await proc.write('\n');
    await proc.closed();
    assert.equal(proc.exitCode, 4);
    assertSequence(proc);
  });

  both('output: several processes at once keep their own counters', async (t) => {
    const session = await t.session();
    const procs = await Promise.all(
      Array.from({ length: 8 }, (_, i) => session.run(`seq ${String(i * 1000)}; exit ${String(i)}`)),
    );
    for (const [i, proc] of procs.entries()) {
      assertSequence(proc);
      assert.equal(proc.exitCode, i);
      assert.equal(proc.text().split('\n').length - 1, i * 1000);
    }
  });
});
