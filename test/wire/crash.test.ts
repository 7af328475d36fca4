import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { STAYING } from '../support/stays.js';
import { both, ours, type Case } from './cases.js';
import { alive, childrenOf, comm, gone } from './procfs.js';
import type { Proc, Session } from './session.js';
import { runtimeFolder } from './target.js';

/** Each with all kinds; many in the long form. */
const ROUNDS = Number(process.env['SOAK_KILLS'] ?? 2);
/** So many of each kind at once. */
const EACH = 3;
const ROUND_MS = 120_000;

const meOf = async (proc: Proc): Promise<number> =>
  Number(/me=(\d+)/.exec(await proc.until(/me=\d+\./))?.[1]);

/** The pids of those that are to end with the server. */
async function startAll(t: Case, session: Session): Promise<number[]> {
  const started = STAYING.flatMap((script) =>
    Array.from({ length: 2 * EACH }, async (_, at) => {
      const proc = await session.sh(script, { tty: at % 2 === 0 });
      return endAtLast(t, await meOf(proc));
    }),
  );
  return Promise.all(started);
}

/** Ends the process by force if the case failed. */
function endAtLast(t: Case, pid: number): number {
  t.defer(() => {
    if (alive(pid)) process.kill(pid, 'SIGKILL');
  });
  return pid;
}

describe('a server that dies by SIGKILL', () => {
  both('listener: its direct children die with it', async (t) => {
    const server = await t.ownServer();
    const session = await t.session(server);
    const pids: number[] = [];
    for (const tty of [false, true]) {
      const shell = await session.sh('echo "me=$$"; while :; do sleep 0.1; done', { tty });
      pids.push(endAtLast(t, await shell.number('me')));
    }
    await server.stop('SIGKILL');
    for (const pid of pids) await gone(pid);
  });

  ours(
    'listener: so do their children, those that left the process group, and those without parents',
    async (t) => {
      const server = await t.ownServer();
      const session = await t.session(server);
      const shell = await session.sh(
        'sleep 600 & echo "child=$!"; setsid sh -c \'echo "left=$$"; exec sleep 600\' & wait',
      );
      const orphans = await session.sh('sh -c \'sleep 600 & echo "orphan=$!"\'; sleep 0.1');
      const deaf = await session.sh('trap "" TERM HUP; echo "deaf=$$"; while :; do sleep 0.1; done');
      const pids = [
        await shell.number('child'),
        await shell.number('left'),
        await orphans.number('orphan'),
        await deaf.number('deaf'),
      ];
      for (const pid of pids) endAtLast(t, pid);
      await orphans.exited();
      await server.stop('SIGKILL');
      for (const pid of pids) await gone(pid);
    },
    'the reference leaves them alive',
  );

  ours(
    'listener: nothing of any kind stays behind, however it lives',
    async (t) => {
      t.timeout(ROUND_MS * ROUNDS);
      for (let round = 0; round < ROUNDS; round++) {
        const server = await t.ownServer();
        const pids = await startAll(t, await t.session(server));
        await server.stop('SIGKILL');
        for (const pid of pids) await gone(pid);
      }
    },
    'the reference leaves them alive',
  );

  ours(
    'listener: nor what commands have left that ended at once, before anybody could look at them',
    async (t) => {
      const server = await t.ownServer();
      const session = await t.session(server);
      const started = Array.from({ length: 10 * EACH }, async () => {
        const proc = await session.sh('sleep 600 >/dev/null 2>&1 </dev/null & echo "me=$!."');
        await proc.closed();
        return endAtLast(t, await meOf(proc));
      });
      const pids = await Promise.all(started);
      assert.ok(pids.every(alive));
      await server.stop('SIGKILL');
      for (const pid of pids) await gone(pid);
    },
    'the reference leaves them alive',
  );

  ours(
    'listener: nor when its guard is killed with it: the next server ends them',
    async (t) => {
      t.timeout(ROUND_MS);
      const server = await t.ownServer();
      const pids = await startAll(t, await t.session(server));
      const guards = childrenOf(server.pid).filter((pid) => comm(pid) === 'sh' && !pids.includes(pid));
      server.child?.kill('SIGSTOP');
      for (const pid of guards) process.kill(pid, 'SIGKILL');
      await server.stop('SIGKILL');
      const stays = pids.filter(alive);
      assert.ok(stays.length > 0);
      await t.ownServer();
      for (const pid of stays) await gone(pid);
    },
    'the reference leaves them alive',
  );

  ours(
    'listener: nor when a cleaner has removed its notes',
    async (t) => {
      t.timeout(ROUND_MS);
      const server = await t.ownServer();
      const pids = await startAll(t, await t.session(server));
      await rm(`${runtimeFolder}/exec-server`, { recursive: true });
      await server.stop('SIGKILL');
      for (const pid of pids) await gone(pid);
    },
    'the reference leaves them alive',
  );

  ours(
    'listener: whoever started the server, and is in its session, lives on',
    async (t) => {
      // Its parent becomes a program that collects no children, so that the dead server stays to be seen.
      const server = await t.ownServer([], ['setsid', 'sh', '-c', '"$0" "$@" & exec sleep 600']);
      const [node = 0] = childrenOf(server.pid);
      assert.ok(node > 0);
      const session = await t.session(server);
      const mine = await session.sh('(setsid sh -c \'echo "me=$$"; exec sleep 600\' &) ; sleep 600');
      const pid = endAtLast(t, await mine.number('me'));
      process.kill(node, 'SIGKILL');
      await gone(pid);
      await session.client.closed;
      assert.ok(alive(server.pid));
    },
    'the reference sweeps nothing',
  );

  both('listener: nobody else’s processes do, and what ended before is not looked for', async (t) => {
    const [dying, other] = [await t.ownServer(), await t.ownServer()];
    const survivor = await (await t.session(other)).sh('echo "me=$$"; exec sleep 600');
    const pid = endAtLast(t, await survivor.number('me'));
    const session = await t.session(dying);
    await session.run('true');
    const shell = await session.sh('echo "me=$$"; exec sleep 600');
    const mine = endAtLast(t, await shell.number('me'));
    await dying.stop('SIGKILL');
    await gone(mine);
    assert.ok(alive(pid));
  });
});
