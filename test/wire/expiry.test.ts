import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { both } from './cases.js';
import { alive, gone } from './procfs.js';

const BEFORE_MS = 70_000;
const AFTER_MS = 20_000;
const CASE_MS = 150_000;

describe('what ends after 80 s', () => {
  both('sessions: a detached session ends after 80 s, its process groups with it', async (t) => {
    t.slow(CASE_MS);
    const session = await t.session();
    const proc = await session.sh('sleep 600 & echo "child=$!"; echo "me=$$"; wait');
    const pids = [await proc.number('child'), await proc.number('me')];
    await session.client.drop();
    await delay(BEFORE_MS);
    assert.ok(pids.every(alive));
    for (const pid of pids) await gone(pid, AFTER_MS);
    const client = await t.connect();
    const error = await client.fails('initialize', { clientName: 'x', resumeSessionId: session.id });
    assert.deepEqual(error, { code: -32600, message: `unknown session id ${session.id}` });
  });

  both(
    'read: 80 s after its close the rest of its process group is killed, what left it is not',
    async (t) => {
      t.slow(CASE_MS);
      const session = await t.session();
      const proc = await session.run(
        'nohup sleep 600 > /dev/null 2>&1 & echo "inside=$!"; setsid sh -c \'echo "outside=$$"; exec sleep 600 > /dev/null 2>&1\' & sleep 1',
      );
      const [inside, outside] = [await proc.number('inside'), await proc.number('outside')];
      t.defer(() => process.kill(outside, 'SIGKILL'));
      await delay(BEFORE_MS);
      assert.ok(alive(inside));
      await gone(inside, AFTER_MS);
      assert.ok(alive(outside));
    },
  );

  both('read: a closed process stays readable, and its id taken, for 80 s', async (t) => {
    t.slow(CASE_MS);
    const session = await t.session();
    const proc = await session.run('echo kept');
    await delay(BEFORE_MS);
    assert.equal((await proc.read())['closed'], true);
    await assert.rejects(session.sh('true', { processId: proc.id }), /process \S+ already exists/);
    await delay(AFTER_MS);
    const error = await session.client.fails('process/read', { processId: proc.id });
    assert.equal(error.message, `unknown process id ${proc.id}`);
    await (await session.sh('true', { processId: proc.id })).closed();
  });
});
