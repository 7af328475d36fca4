import assert from 'node:assert/strict';
import { both, ours, type Case } from './cases.js';
import { alive, gone } from './procfs.js';

/** Ends the process by force if the case failed. */
function endAtLast(t: Case, pid: number): number {
  t.defer(() => {
    if (alive(pid)) process.kill(pid, 'SIGKILL');
  });
  return pid;
}

describe('ch 1.1: a server that dies by SIGKILL', () => {
  both('ch 1.1: its direct children die with it', async (t) => {
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
    'ch 1.1: so do their children, those that left the process group, and those without parents',
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

  both('ch 1.1: nobody else’s processes do, and what ended before is not looked for', async (t) => {
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
