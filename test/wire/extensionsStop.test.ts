import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { ours } from './cases.js';
import type { Json } from './client.js';
import { startParams, type Proc } from './session.js';

const call = (proc: Proc, method: string, more = {}): Promise<Json> =>
  proc.client.call(`process/${method}`, { processId: proc.id, ...more });

/** Longer than any test may take. */
const FOREVER_MS = 3_600_000;

describe('process/terminate with a mode', () => {
  const graceful = (timeoutMs: number) => ({ mode: { graceful: { timeoutMs } } });

  ours('extensions: graceful asks first', async (t) => {
    const session = await t.session();
    const proc = await session.sh('trap "echo bye; exit 5" TERM; echo up; while :; do sleep 0.1; done');
    await proc.until('up');
    assert.deepEqual(await call(proc, 'terminate', graceful(20_000)), { running: true });
    await proc.closed();
    assert.deepEqual([proc.exitCode, proc.text('stdout')], [5, 'up\nbye\n']);
    assert.deepEqual(await call(proc, 'terminate', graceful(1)), { running: false });
  });

  ours('extensions: graceful asks the whole process group', async (t) => {
    const session = await t.session();
    const child = 'trap "echo child; exit" TERM; echo up; while :; do sleep 0.1; done';
    const proc = await session.sh(`trap : TERM; sh -c '${child}' & wait; wait; echo over`);
    await proc.until('up');
    await call(proc, 'terminate', graceful(20_000));
    await proc.closed();
    assert.deepEqual([proc.exitCode, proc.text('stdout')], [0, 'up\nchild\nover\n']);
  });

  ours('extensions: graceful kills after the time, and the earliest time counts', async (t) => {
    const session = await t.session();
    const proc = await session.sh('trap "" TERM; echo up; while :; do sleep 0.1; done');
    await proc.until('up');
    await call(proc, 'terminate', graceful(FOREVER_MS));
    const before = performance.now();
    await call(proc, 'terminate', graceful(300));
    await call(proc, 'terminate', graceful(FOREVER_MS));
    await proc.closed();
    assert.ok(performance.now() - before > 290);
    assert.equal(proc.exitCode, 137);
  });

  ours('extensions: with descendants also what holds the streams of what has exited', async (t) => {
    const session = await t.session();
    const proc = await session.sh(
      'trap "" HUP; (trap "echo asked; exit" TERM; echo up; while :; do sleep 0.1; done) & sleep 0.5',
    );
    await proc.until('up');
    await proc.exited();
    assert.deepEqual(await call(proc, 'terminate', graceful(20_000)), { running: false });
    assert.ok(!proc.events.some(({ kind }) => kind === 'closed'));
    const both = { ...graceful(20_000), descendants: true };
    assert.deepEqual(await call(proc, 'terminate', both), { running: false });
    await proc.closed();
    assert.equal(proc.text('stdout'), 'up\nasked\n');
  });

  ours('extensions: force and null kill at once; other modes are -32602', async (t) => {
    const session = await t.session();
    for (const mode of ['force', null]) {
      const proc = await session.start(['sleep', '600']);
      for (const wrong of ['graceful', 1, {}, { graceful: {} }, { graceful: { timeoutMs: -1 } }]) {
        const params = { processId: proc.id, mode: wrong };
        assert.equal((await session.client.fails('process/terminate', params)).code, -32602);
      }
      assert.deepEqual(await call(proc, 'terminate', { mode }), { running: true });
      await proc.closed();
      assert.equal(proc.exitCode, 137);
    }
  });
});

describe('sessionId is another name of processId', () => {
  ours('extensions: in all methods of the page', async (t) => {
    const { client } = await t.session();
    const { processId: sessionId, ...rest } = startParams(['cat'], { tty: true });
    assert.equal((await client.call('process/start', { sessionId, ...rest }))['processId'], sessionId);
    assert.deepEqual(await client.call('process/resize', { sessionId, rows: 9, cols: 9 }), {});
    assert.equal(((await client.call('process/members', { sessionId }))['members'] as Json[]).length, 1);
    assert.equal((await client.call('process/snapshot', { sessionId }))['running'], true);
    assert.deepEqual(await client.call('process/closeStdin', { sessionId }), { status: 'accepted' });
    assert.equal((await client.call('process/wait', { sessionId }))['exitCode'], 0);
    assert.deepEqual(await client.call('process/terminate', { sessionId }), { running: false });
  });
});
