import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { ours } from './cases.js';
import { alive, gone } from './procfs.js';

describe('what a process is started with beyond the reference', () => {
  ours('extensions: a process of lifetime "connection" ends with its connection, others go on', async (t) => {
    const session = await t.session();
    const one = await session.sh('echo $$; exec sleep 600', { lifetime: 'connection' });
    const other = await session.sh('echo $$; exec sleep 600', { lifetime: 'session' });
    await one.until('\n');
    await other.until('\n');
    const [a, b] = [Number(one.text()), Number(other.text())];
    await session.client.drop();
    await gone(a);
    assert.ok(alive(b));
    const again = await t.session(undefined, session.id);
    await again.client.call('process/terminate', { processId: other.id });
    await gone(b);
  });

  ours('extensions: it also ends when the connection goes while it is being started', async (t) => {
    const marks: string[] = [];
    const folder = await t.dir();
    for (let n = 0; n < 8; n++) {
      const session = await t.session();
      const mark = `${folder}/${n}`;
      marks.push(mark);
      session.client.post('process/start', {
        processId: 'p',
        argv: ['/bin/sh', '-c', `echo $$ > ${mark}; exec sleep 600`],
        cwd: 'file:///',
        env: {},
        tty: false,
        lifetime: 'connection',
      });
      await session.client.drop();
    }
    await new Promise((resolve) => setTimeout(resolve, 1500));
    for (const mark of marks) {
      const pid = Number(await readFile(mark, 'utf8').catch(() => '0'));
      if (pid > 0) await gone(pid);
    }
  });

  ours('extensions: who says a lifetime is told pid and signal, and nobody else', async (t) => {
    const session = await t.session();
    const told = await session.sh('echo $$; kill -TERM $$', { lifetime: 'session' });
    await told.closed();
    assert.equal(told.started['pid'], Number(told.text()));
    const exited = session.client.log.find(({ method }) => method === 'process/exited');
    assert.deepEqual([exited?.params?.['exitCode'], exited?.params?.['signal']], [143, 15]);
    const other = await session.sh('kill -TERM $$');
    await other.closed();
    assert.deepEqual(Object.keys(other.started), ['processId', 'sandboxType']);
    const last = session.client.log.filter(({ method }) => method === 'process/exited').at(-1);
    assert.equal(last?.params?.['signal'], undefined);
  });

  ours(
    'extensions: with mergeStderr all output is stdout, in the order in which it was written',
    async (t) => {
      const session = await t.session();
      const script = 'i=0; while [ $i -lt 200 ]; do echo o$i; echo e$i >&2; i=$((i+1)); done';
      const proc = await session.run(script, { mergeStderr: true });
      const expected = Array.from({ length: 200 }, (_, i) => `o${i}\ne${i}\n`).join('');
      assert.equal(proc.text('stdout'), expected);
      assert.equal(proc.text('stderr'), '');
    },
  );

  ours('extensions: a wrong lifetime and a label that is too long are refused by name', async (t) => {
    const { client } = await t.session();
    const start = { processId: 'x', argv: ['true'], cwd: 'file:///', env: {}, tty: false };
    for (const [member, value] of [
      ['lifetime', 'for ever'],
      ['label', 'x'.repeat(5000)],
    ] as const) {
      const error = await client.fails('process/start', { ...start, [member]: value });
      assert.equal(error.code, -32602);
      assert.ok(error.message.includes(member), error.message);
    }
    await client.call('process/start', { ...start, label: 'a label' });
  });
});
