import assert from 'node:assert/strict';
import { both } from './cases.js';
import { gone } from './procfs.js';
import { b64, startParams } from './session.js';

describe('requests that do not wait for the answer before', () => {
  for (const tty of [false, true]) {
    const how = tty ? 'on a terminal' : 'with pipes';
    both(`order: a write and a read right behind their start ${how} find the process`, async (t) => {
      const { client } = await t.session();
      const processId = 'p';
      const script = 'stty -echo 2>/dev/null; echo "me=$$"; read x; echo "got $x"; exec sleep 600';
      const start = client.post(
        'process/start',
        startParams(['/bin/sh', '-c', script], { processId, tty, pipeStdin: true }),
      );
      const write = client.post('process/write', { processId, chunk: b64('word\n'), writeId: '1' });
      const read = client.post('process/read', { processId });
      assert.equal((await client.settle(start))['processId'], processId);
      assert.deepEqual(await client.settle(write), { status: 'accepted' });
      assert.equal((await client.settle(read))['exited'], false);
      const text = (): string => Buffer.concat(client.eventsOf(processId).map((e) => e.data)).toString();
      await client.wait('the word', () => /got word/.test(text()) || undefined);
      await client.call('process/terminate', { processId });
    });
  }

  both('order: a terminate right behind its start ends the process; both are answered', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    for (let i = 0; i < 10; i++) {
      const processId = `p${String(i)}`;
      const argv = ['/bin/sh', '-c', `echo $$ > ${dir}/${processId}; exec sleep 600`];
      const start = client.post('process/start', startParams(argv, { processId, tty: i % 2 === 1 }));
      const end = client.post('process/terminate', { processId });
      const started = await client.answer(start);
      assert.deepEqual(await client.settle(end), { running: true });
      if (started.result)
        await client.wait('closed', () => client.eventsOf(processId).find((e) => e.kind === 'closed'));
    }
    const session = await t.session();
    const pids = (await session.text(`cat ${dir}/* 2>/dev/null`)).split('\n').filter(Boolean).map(Number);
    for (const pid of pids) await gone(pid);
  });

  both('order: file calls sent at once are all answered, each with its own result', async (t) => {
    const { client } = await t.session();
    const ids = Array.from({ length: 200 }, (_, i) =>
      client.post(
        'fs/getMetadata',
        { path: i % 2 ? 'file:///' : `file:///no/such/${String(i)}` },
        `id${String(i)}`,
      ),
    );
    for (const [i, id] of ids.entries()) {
      const { result, error } = await client.answer(id);
      if (i % 2) assert.equal((result as { isDirectory: boolean }).isDirectory, true);
      else assert.equal(error?.code, -32004);
    }
  });

  both('order: every request is answered, whatever came before it', async (t) => {
    const session = await t.session();
    const { client } = session;
    const proc = await session.start(['cat'], { pipeStdin: true });
    const ids = [];
    for (let i = 0; i < 50; i++) {
      ids.push(client.post('process/read', { processId: proc.id, waitMs: 100 }));
      ids.push(client.post('no/such', {}));
      ids.push(client.post('process/read', { processId: i }));
      ids.push(client.post('process/write', { processId: proc.id, chunk: '!', writeId: String(i) }));
      client.raw('{');
    }
    for (const id of ids) assert.ok(await client.answer(id));
    await client.wait('50 answers with id -1', () => client.log.filter((m) => m.id === -1)[49]);
    await proc.terminate();
  });
});
