import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { both, type Case } from './cases.js';
import { b64, Proc, type Session } from './session.js';
import type { Id } from './client.js';

const ACCEPTED = { status: 'accepted' };
/** More than a pipe holds. */
const LARGE = Buffer.alloc(1 << 20, 'large');
const QUEUED = 128;
/** No message says that a request waits. */
const LOOK_MS = 300;

/** Reads nothing before the file `go` is there, then runs the rest. */
async function deaf(
  t: Case,
  session: Session,
  rest: string,
): Promise<{ proc: Proc; go: () => Promise<void> }> {
  const flag = `${await t.dir()}/go`;
  const script = `while [ ! -e ${flag} ]; do sleep 0.05; done; ${rest}`;
  const proc = await session.sh(script, { pipeStdin: true });
  return { proc, go: () => writeFile(flag, '') };
}

function post({ client, id }: Proc, chunk: string | Buffer, writeId: string): Id {
  return client.post('process/write', { processId: id, chunk: b64(chunk), writeId });
}

describe('writes that the process does not read yet', () => {
  both(
    'write: 128 chunks are accepted behind one that does not fit into the pipe; all arrive in order',
    async (t) => {
      const session = await t.session();
      const small = Array.from({ length: QUEUED }, (_, i) => `${String(i)}\n`);
      const { proc, go } = await deaf(t, session, `head -c ${String(LARGE.length)} | wc -c; cat`);
      assert.deepEqual(await proc.write(LARGE), ACCEPTED);
      for (const part of small) assert.deepEqual(await proc.write(part), ACCEPTED);
      await go();
      await proc.until(`${String(LARGE.length)}\n${small.join('')}`);
      assert.equal(
        proc.text(),
        `${String(LARGE.length)}
${small.join('')}`,
      );
      await proc.terminate();
    },
  );

  both('write: beyond them a write waits, until the process reads', async (t) => {
    const session = await t.session();
    const { proc, go } = await deaf(t, session, 'cat > /dev/null');
    const ids = [LARGE, ...Array.from({ length: QUEUED + 5 }, () => 'x')].map((chunk, i) =>
      post(proc, chunk, `w${String(i)}`),
    );
    for (const id of ids.slice(0, QUEUED)) assert.deepEqual(await session.client.settle(id), ACCEPTED);
    await delay(LOOK_MS);
    const last = ids.at(-1);
    assert.equal(
      session.client.log.some((m) => m.id === last),
      false,
    );
    await go();
    for (const id of ids) assert.deepEqual(await session.client.settle(id), ACCEPTED);
    await proc.terminate();
  });

  both('write: a write that waits is answered when the process ends', async (t) => {
    const session = await t.session();
    const { proc, go } = await deaf(t, session, 'exit 3');
    const ids = [LARGE, ...Array.from({ length: QUEUED + 5 }, () => 'x')].map((chunk, i) =>
      post(proc, chunk, `w${String(i)}`),
    );
    await session.client.answer(ids[QUEUED - 1] ?? '');
    await go();
    for (const id of ids) assert.ok(await session.client.answer(id));
    assert.equal((await proc.exited()).exitCode, 3);
  });

  both('write: sent again after a resume, what waited when the connection ended arrives once', async (t) => {
    const session = await t.session();
    const { proc, go } = await deaf(t, session, `head -c ${String(LARGE.length)} | wc -c; cat`);
    post(proc, LARGE, 'once');
    await delay(LOOK_MS);
    await session.client.drop();
    const again = new Proc((await t.session(undefined, session.id)).client, proc.id);
    const id = post(again, LARGE, 'once');
    await go();
    assert.deepEqual(await again.client.settle(id), ACCEPTED);
    await again.write('end\n');
    await again.until('end\n');
    assert.equal(again.text(), `${String(LARGE.length)}\nend\n`);
    await again.terminate();
  });

  both('write: a terminal that nobody reads from queues too', async (t) => {
    const session = await t.session();
    const proc = await session.sh('stty -echo; echo ready; exec sleep 600', { tty: true });
    await proc.until('ready');
    for (let i = 0; i < 60; i++) assert.deepEqual(await proc.write(`${'x'.repeat(1000)}\n`), ACCEPTED);
    assert.deepEqual(await proc.terminate(), { running: true });
  });
});
