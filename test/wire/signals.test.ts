import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { both, ours } from './cases.js';
import { fixture } from './fixtures.js';
import { alive, gone } from './procfs.js';

const TRAP = ['/bin/sh', fixture('trap.sh')];

describe('process/signal', () => {
  for (const tty of [false, true]) {
    const how = tty ? 'on a terminal' : 'with pipes';
    both(`stop: interrupt ${how} is SIGINT, and only that`, async (t) => {
      const session = await t.session();
      const proc = await session.start(TRAP, { tty, pipeStdin: true });
      await proc.until('ready');
      assert.deepEqual(await proc.signal(), {});
      await proc.until('got-INT');
      await proc.write('\n');
      assert.equal((await proc.exited()).exitCode, 42);
      assert.doesNotMatch(proc.text(), /TERM|HUP/);
    });
  }

  both('stop: interrupt reaches the whole process group', async (t) => {
    const session = await t.session();
    const child = 'trap "echo child; exit 8" INT; echo ready; while :; do sleep 0.05; done';
    const proc = await session.sh(`trap "echo parent" INT; sh -c '${child}'; exit $?`);
    await proc.until('ready');
    await proc.signal();
    await proc.closed();
    assert.match(proc.text(), /^ready\nchild\nparent\n$/);
    assert.equal(proc.exitCode, 8);
  });

  both('stop: an untrapped interrupt ends the process with 130', async (t) => {
    const session = await t.session();
    const proc = await session.start(['sleep', '600']);
    await proc.signal();
    assert.equal((await proc.closed()).kind, 'closed');
    assert.equal(proc.exitCode, 130);
  });

  both('stop: unknown and ended processes answer {}', async (t) => {
    const session = await t.session();
    const proc = await session.run('true');
    assert.deepEqual(await proc.signal(), {});
    assert.deepEqual(
      await session.client.call('process/signal', { processId: 'nobody', signal: 'interrupt' }),
      {},
    );
  });

  both('stop: other signals are -32602', async (t) => {
    const { client } = await t.session();
    for (const signal of ['kill', 'SIGINT', 'Interrupt', '', 2, null])
      assert.equal((await client.fails('process/signal', { processId: 'x', signal })).code, -32602);
  });
});

describe('process/terminate', () => {
  for (const tty of [false, true]) {
    const how = tty ? 'on a terminal' : 'with pipes';
    both(`stop: terminate ${how} is SIGKILL to the process group at once`, async (t) => {
      const session = await t.session();
      const dir = await t.dir();
      const script = `trap "touch ${dir}/term" TERM HUP INT; sleep 600 & echo "child=$!"; echo "me=$$"; while :; do wait; done`;
      const proc = await session.sh(script, { tty });
      const pids = [await proc.number('child'), await proc.number('me')];
      assert.deepEqual(await proc.terminate(), { running: true });
      await proc.closed();
      for (const pid of pids) await gone(pid);
      if (!tty) assert.equal(proc.exitCode, 137);
      assert.equal(await session.text(`ls ${dir}`), '');
    });
  }

  both('stop: running is false for unknown and for ended processes', async (t) => {
    const session = await t.session();
    const proc = await session.run('true');
    assert.deepEqual(await proc.terminate(), { running: false });
    assert.deepEqual(await session.client.call('process/terminate', { processId: 'nobody' }), {
      running: false,
    });
  });

  both('stop: background children of an ended process are not killed', async (t) => {
    const session = await t.session();
    const flag = `${await t.dir()}/go`;
    const proc = await session.start(['/bin/sh', fixture('holder.sh'), flag]);
    await proc.exited();
    const child = await proc.number('child');
    assert.deepEqual(await proc.terminate(), { running: false });
    await session.text('sleep 0.2');
    assert.ok(alive(child));
    await writeFile(flag, '');
    await gone(child);
  });

  both('stop: after terminate, closed comes even if a stranger holds the pipe', async (t) => {
    const session = await t.session();
    const proc = await session.sh('echo "me=$$"; exec sleep 600');
    const pid = await proc.number('me');
    const script = `exec 3> /proc/${String(pid)}/fd/1; echo holding; exec sleep 600`;
    const stranger = await (await t.session()).sh(script);
    await stranger.until('holding');
    await proc.terminate();
    await proc.closed();
    assert.deepEqual(await stranger.terminate(), { running: true });
  });

  both('stop: after terminate, closed comes even if an escaped descendant holds the pipe', async (t) => {
    const session = await t.session();
    const proc = await session.sh('setsid sh -c \'echo "child=$$"; exec sleep 600\' & echo ready; wait');
    const child = await proc.number('child');
    t.defer(() => {
      if (alive(child)) process.kill(child, 'SIGKILL');
    });
    await proc.until('ready');
    assert.deepEqual(await proc.terminate(), { running: true });
    await proc.closed();
  });

  ours(
    'stop: terminate reaches what escaped the process group',
    async (t) => {
      const session = await t.session();
      const proc = await session.sh('setsid sh -c \'echo "child=$$"; exec sleep 600\' & echo ready; wait');
      const child = await proc.number('child');
      t.defer(() => {
        if (alive(child)) process.kill(child, 'SIGKILL');
      });
      assert.deepEqual(await proc.terminate(), { running: true });
      await gone(child);
    },
    'the reference ends the process group only',
  );

  both('stop: terminate may be repeated, and others are not touched', async (t) => {
    const session = await t.session();
    const other = await session.start(['cat'], { pipeStdin: true });
    const proc = await session.start(['sleep', '600']);
    const ids = [1, 2, 3].map(() => session.client.post('process/terminate', { processId: proc.id }));
    const answers = await Promise.all(ids.map((id) => session.client.settle(id)));
    assert.deepEqual(answers[0], { running: true });
    await proc.closed();
    assert.deepEqual(await proc.terminate(), { running: false });
    await other.write('alive\n');
    await other.until('alive');
    assert.deepEqual(await other.terminate(), { running: true });
  });

  both('stop: terminate of a process that stopped itself works', async (t) => {
    const session = await t.session();
    const proc = await session.sh('echo "me=$$"; kill -STOP $$; echo never');
    const pid = await proc.number('me');
    assert.deepEqual(await proc.terminate(), { running: true });
    await proc.closed();
    await gone(pid);
    assert.doesNotMatch(proc.text(), /never/);
  });
});
