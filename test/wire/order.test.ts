import assert from 'node:assert/strict';
import { both, ours } from './cases.js';
import { startParams } from './session.js';

const FOREVER_MS = 600_000;

describe('order and concurrency', () => {
  both('order: notifications are pushed while a read waits', async (t) => {
    const session = await t.session();
    const proc = await session.sh('read x; sleep 0.3; echo one; read x', { pipeStdin: true });
    const other = await session.start(['cat'], { pipeStdin: true });
    await proc.write('\n');
    const waiting = session.client.post('process/read', { processId: other.id, waitMs: FOREVER_MS });
    await proc.until('one');
    assert.equal(
      session.client.log.some(({ id }) => id === waiting),
      false,
    );
  });

  both('order: connections do not affect each other', async (t) => {
    const [one, two] = [await t.session(), await t.session()];
    const proc = await one.start(['cat'], { pipeStdin: true });
    const waiting = one.client.post('process/read', { processId: proc.id, waitMs: FOREVER_MS });
    assert.equal(await two.text('echo two'), 'two');
    assert.equal(
      one.client.log.some(({ id }) => id === waiting),
      false,
    );
  });

  both('order: writes of one connection arrive in order', async (t) => {
    const session = await t.session();
    const proc = await session.sh('head -c 3000', { pipeStdin: true });
    const parts = Array.from({ length: 300 }, (_, i) => String(i).padStart(10, '.'));
    for (const part of parts)
      session.client.post('process/write', {
        processId: proc.id,
        chunk: Buffer.from(part).toString('base64'),
        writeId: part,
      });
    await proc.closed();
    assert.equal(proc.text(), parts.join(''));
  });

  both('order: per process, output comes in seq order', async (t) => {
    const session = await t.session();
    const proc = await session.run('seq 50000');
    const seqs = proc.events.filter((e) => e.kind === 'output').map((e) => e.seq);
    assert.deepEqual(
      seqs,
      [...seqs].sort((a, b) => a - b),
    );
    assert.equal(proc.events.at(-1)?.kind, 'closed');
  });

  ours('extensions: the start response comes before the first notification', async (t) => {
    const { client, ...rest } = await t.session();
    assert.ok(rest.id);
    for (let i = 0; i < 60; i++) {
      const params = startParams(['/bin/echo', 'x'], { tty: i % 3 === 2 });
      const id = client.post('process/start', params);
      await client.wait('closed', () =>
        client.eventsOf(String(params['processId'])).find((e) => e.kind === 'closed'),
      );
      const first = client.log.findIndex((m) => m.params?.['processId'] === params['processId']);
      assert.ok(client.log.findIndex((m) => m.id === id) < first);
    }
  });

  ours('extensions: terminate, signal and status are answered while reads wait', async (t) => {
    const session = await t.session();
    const { client } = session;
    const proc = await session.sh('trap "echo got-INT" INT; echo ready; while :; do read x; done', {
      pipeStdin: true,
    });
    await proc.until('ready');
    const afterSeq = 1000;
    const read = { processId: proc.id, afterSeq, waitMs: FOREVER_MS };
    const reads = Array.from({ length: 100 }, () => client.post('process/read', read));
    assert.deepEqual(await client.call('environment/status'), { status: 'ready' });
    assert.deepEqual(await proc.signal(), {});
    await proc.until('got-INT');
    assert.deepEqual(await proc.terminate(), { running: true });
    for (const id of reads) assert.equal((await client.settle(id))['exited'], true);
  });

  ours('extensions: a full stdin does not hold the connection back', async (t) => {
    const session = await t.session();
    const proc = await session.start(['sleep', '600'], { pipeStdin: true });
    const chunk = Buffer.alloc(1 << 20, 'x').toString('base64');
    const writes = Array.from({ length: 8 }, (_, i) =>
      session.client.post('process/write', { processId: proc.id, chunk, writeId: String(i) }),
    );
    assert.equal(await session.text('echo free'), 'free');
    assert.deepEqual(await proc.terminate(), { running: true });
    for (const id of writes) assert.ok((await session.client.answer(id)).id);
  });

  ours(
    'order: requests that can be answered overtake a read that waits',
    async (t) => {
      const session = await t.session();
      const proc = await session.start(['cat'], { pipeStdin: true });
      const waiting = session.client.post('process/read', { processId: proc.id, waitMs: FOREVER_MS });
      assert.equal(await session.text('echo past'), 'past');
      await proc.write('x');
      const chunks = (await session.client.settle(waiting))['chunks'];
      assert.equal((chunks as unknown[]).length, 1);
      await proc.terminate();
    },
    'the reference answers in turn',
  );
});
