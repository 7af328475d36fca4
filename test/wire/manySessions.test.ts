import assert from 'node:assert/strict';
import { both, ours, type Case } from './cases.js';
import { Failure } from './client.js';
import type { Proc, Session } from './session.js';
import type { Server } from './target.js';

const SESSIONS = 100;
const CONNECTED = 50;
const PROCESSES = 1000;
const MAX_PROCESSES = 1024;
const PER_SESSION = 250;
const KNOWN_WRITE_IDS = 4096;
const BURST = 32;

/** Ends by itself. */
const LINE = ['head', '-n', '1'];
const CAT = { pipeStdin: true };

/** What the process gives back for a line, whoever else there is. */
async function echo(proc: Proc, line: string): Promise<void> {
  assert.deepEqual(await proc.write(`${line}\n`), { status: 'accepted' });
  await proc.until(`${line}\n`);
}

/** Some at a time, for servers that start one after the other. */
async function starts(session: Session, count: number, argv = ['cat']): Promise<Proc[]> {
  const procs: Proc[] = [];
  while (procs.length < count) {
    const next = Array.from({ length: Math.min(BURST, count - procs.length) }, () =>
      session.start(argv, CAT),
    );
    procs.push(...(await Promise.all(next)));
  }
  return procs;
}

async function sessions(t: Case, server: Server, count: number): Promise<Session[]> {
  return Promise.all(Array.from({ length: count }, () => t.session(server)));
}

describe('many of everything', () => {
  both('sessions: 100 sessions, half of them detached, each with a process of the same id', async (t) => {
    const server = await t.ownServer();
    const detached: string[] = [];
    for (let i = 0; i < SESSIONS - CONNECTED; i++) {
      const session = await t.session(server);
      await echo(await session.start(['cat'], { ...CAT, processId: 'same' }), `detached ${String(i)}`);
      await session.client.drop();
      detached.push(session.id);
    }
    const attached = await sessions(t, server, CONNECTED);
    const procs = await Promise.all(
      attached.map((session) => session.start(['cat'], { ...CAT, processId: 'same' })),
    );
    await Promise.all(procs.map((proc, i) => echo(proc, `attached ${String(i)}`)));
    assert.deepEqual(await procs[0]?.terminate(), { running: true });
    await Promise.all(procs.slice(1).map((proc, i) => echo(proc, `still ${String(i)}`)));
    for (const [i, id] of detached.entries()) {
      const session = await t.session(server, id);
      const { chunks, exited } = await session.client.call('process/read', { processId: 'same' });
      const text = (chunks as { chunk: string }[]).map(({ chunk }) => Buffer.from(chunk, 'base64')).join('');
      assert.deepEqual([text, exited], [`detached ${String(i)}\n`, false]);
      await session.client.drop();
    }
  });

  ours('bounds: 1,000 processes run at once, and each gets its own input', async (t) => {
    const server = await t.ownServer();
    const all = await sessions(t, server, PROCESSES / PER_SESSION);
    const procs = (await Promise.all(all.map((session) => starts(session, PER_SESSION, LINE)))).flat();
    assert.equal(procs.length, PROCESSES);
    await Promise.all(procs.map((proc, i) => echo(proc, `line ${String(i)}`)));
    await Promise.all(procs.map((proc) => proc.closed()));
    for (const [i, proc] of procs.entries()) assert.equal(proc.text(), `line ${String(i)}\n`);
  });

  ours('bounds: the 1,025th process fails and names the bound; the others and the next go on', async (t) => {
    const server = await t.ownServer();
    const all = await sessions(t, server, 5);
    const [first, ...others] = all;
    const procs = (await Promise.all(others.map((session) => starts(session, MAX_PROCESSES / 4)))).flat();
    assert.ok(first);
    await assert.rejects(first.start(['cat'], CAT), (error) => {
      assert.ok(error instanceof Failure);
      assert.match(error.body.message, /1,?024/);
      assert.match(error.body.message, /process/i);
      return true;
    });
    const [one, two] = procs;
    assert.ok(one && two);
    await echo(two, 'still here');
    await one.terminate();
    await one.closed();
    await echo(await first.start(['cat'], CAT), 'room again');
  });

  both('write: of 4,097 write ids the newest 4,096 are known', async (t) => {
    const session = await t.session();
    const proc = await session.start(['cat'], CAT);
    for (let i = 0; i <= KNOWN_WRITE_IDS; i += BURST) {
      const next = Array.from({ length: Math.min(BURST, KNOWN_WRITE_IDS + 1 - i) }, (_, k) => String(i + k));
      await Promise.all(next.map((id) => proc.write(`${id}\n`, `id ${id}`)));
    }
    for (const i of [1, 2, KNOWN_WRITE_IDS])
      assert.deepEqual(await proc.write('again\n', `id ${String(i)}`), { status: 'accepted' });
    assert.deepEqual(await proc.write('forgotten\n', 'id 0'), { status: 'accepted' });
    await proc.until('forgotten\n');
    const lines = Array.from({ length: KNOWN_WRITE_IDS + 1 }, (_, i) => `${String(i)}\n`).join('');
    assert.equal(proc.text(), `${lines}forgotten\n`);
  });
});
