import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { ours } from './cases.js';
import { startParams, type Proc } from './session.js';

const ACCEPTED = { status: 'accepted' };
const CLOSED = { status: 'stdinClosed' };
const UNKNOWN = { code: -32600, message: 'unknown process id nobody' };

const call = (proc: Proc, method: string, more = {}) =>
  proc.client.call(`process/${method}`, { processId: proc.id, ...more });

describe('process/closeStdin', () => {
  ours('extensions: queued data is delivered first, later writes are stdinClosed', async (t) => {
    const session = await t.session();
    const proc = await session.sh('sleep 0.3; wc -c', { pipeStdin: true });
    const { client } = proc;
    const big = Buffer.alloc(1024 * 1024, 'x').toString('base64');
    const write = client.post('process/write', { processId: proc.id, chunk: big, writeId: 'a' });
    const close = client.post('process/closeStdin', { processId: proc.id });
    assert.deepEqual(await client.settle(write), ACCEPTED);
    assert.deepEqual(await client.settle(close), ACCEPTED);
    assert.deepEqual(await proc.write('more'), CLOSED);
    await proc.closed();
    assert.equal(proc.text().trim(), String(1024 * 1024));
  });

  ours(
    'extensions: stdinClosed without a stdin, a second time and after the exit; unknownProcess',
    async (t) => {
      const session = await t.session();
      const none = await session.start(['sleep', '600']);
      assert.deepEqual(await call(none, 'closeStdin'), CLOSED);
      await none.terminate();
      const cat = await session.start(['cat'], { pipeStdin: true });
      assert.deepEqual(await call(cat, 'closeStdin'), ACCEPTED);
      assert.deepEqual(await call(cat, 'closeStdin'), CLOSED);
      await cat.closed();
      assert.deepEqual(await call(cat, 'closeStdin'), CLOSED);
      const unknown = await session.client.call('process/closeStdin', { processId: 'nobody' });
      assert.deepEqual(unknown, { status: 'unknownProcess' });
    },
  );

  ours('extensions: ends the input of a terminal', async (t) => {
    const session = await t.session();
    const proc = await session.sh('cat; echo over', { tty: true });
    assert.deepEqual(await call(proc, 'closeStdin'), ACCEPTED);
    await proc.closed();
    assert.match(proc.text(), /over/);
  });
});

describe('sizes of terminals', () => {
  ours('extensions: process/start takes a size, process/resize changes it', async (t) => {
    const session = await t.session();
    const size = { rows: 30, cols: 100 };
    const script = 'trap "stty size; exit" WINCH; stty size; while :; do sleep 0.1; done';
    const proc = await session.sh(script, { tty: true, size });
    await proc.until('30 100');
    assert.deepEqual(await call(proc, 'resize', { rows: 41, cols: 65_535 }), {});
    await proc.until('41 65535');
    await proc.closed();
    assert.deepEqual(await call(proc, 'resize', size), {});
  });

  ours('extensions: sizes that are none are -32602', async (t) => {
    const session = await t.session();
    const proc = await session.start(['sleep', '600'], { tty: true });
    for (const wrong of [0, -1, 65_536, 1.5, '1', null, undefined]) {
      const size = { rows: wrong, cols: 80 };
      const { code } = await session.client.fails('process/resize', { processId: proc.id, ...size });
      assert.equal(code, -32602, String(wrong));
      const start = startParams(['true'], { tty: true, size });
      assert.equal((await session.client.fails('process/start', start)).code, -32602, String(wrong));
    }
    await proc.terminate();
  });

  ours('extensions: resize of an unknown process or without a terminal is -32600', async (t) => {
    const session = await t.session();
    const size = { rows: 1, cols: 1 };
    assert.deepEqual(await session.client.fails('process/resize', { processId: 'nobody', ...size }), UNKNOWN);
    const proc = await session.start(['sleep', '600'], { size });
    const { code } = await session.client.fails('process/resize', { processId: proc.id, ...size });
    assert.equal(code, -32600);
    await proc.terminate();
  });
});

describe('process/wait', () => {
  const running = { exited: false, exitCode: null, closed: false };

  ours('extensions: answers when the process has closed, after its last notification', async (t) => {
    const session = await t.session();
    const proc = await session.sh('sleep 0.3; echo x; exit 3');
    const done = { exited: true, exitCode: 3, closed: true };
    assert.deepEqual(await call(proc, 'wait', { timeoutMs: null }), done);
    assert.equal(proc.events.at(-1)?.kind, 'closed');
    assert.deepEqual(await call(proc, 'wait'), done);
  });

  ours('extensions: answers when time is up', async (t) => {
    const session = await t.session();
    const proc = await session.start(['sleep', '600']);
    const before = performance.now();
    assert.deepEqual(await call(proc, 'wait', { timeoutMs: 0 }), running);
    assert.deepEqual(await call(proc, 'wait', { timeoutMs: 200 }), running);
    assert.ok(performance.now() - before >= 190);
    await proc.terminate();
  });

  ours('extensions: tells the exit while something else holds the streams', async (t) => {
    const session = await t.session();
    const proc = await session.sh('sleep 2 & exit 4');
    await proc.exited();
    const state = await call(proc, 'wait', { timeoutMs: 50 });
    assert.deepEqual(state, { exited: true, exitCode: 4, closed: false });
    assert.equal((await call(proc, 'wait'))['closed'], true);
  });

  ours('extensions: many waits hold up nothing, and there is a bound', async (t) => {
    const session = await t.session();
    const proc = await session.start(['sleep', '600']);
    const ids = Array.from({ length: 1024 }, () =>
      session.client.post('process/wait', { processId: proc.id }),
    );
    assert.equal((await session.client.fails('process/wait', { processId: proc.id })).code, -32600);
    assert.equal(await session.text('echo on'), 'on');
    assert.deepEqual(await proc.terminate(), { running: true });
    for (const id of ids) assert.equal((await session.client.settle(id))['exitCode'], 137);
    assert.equal((await call(proc, 'wait'))['closed'], true);
  });

  ours('extensions: an unknown process is -32600; a start under way is waited for', async (t) => {
    const session = await t.session();
    assert.deepEqual(await session.client.fails('process/wait', { processId: 'nobody' }), UNKNOWN);
    const params = startParams(['true']);
    session.client.post('process/start', params);
    const state = await session.client.call('process/wait', { processId: params['processId'] });
    assert.deepEqual(state, { exited: true, exitCode: 0, closed: true });
  });
});
