import assert from 'node:assert/strict';
import { ProcessTable } from '../../../../src/process/processTable';
import { newborn } from '../../../../src/process/observe/newborn';
import { thisMachine } from '../../../../src/process/observe/thisMachine';
import { PosixTree } from '../../../../src/process/stop/posixTree';
import { Stops } from '../../../../src/process/stop/stops';
import { linux, lives, OWNER, posix, shell, until, untilOutput } from '../helpers';

/** Two that end when asked, and one that does not. */
const FAMILY = 'sleep 301 & (trap "" TERM; echo ready; exec sleep 302) & trap "exit 0" TERM; wait; wait';

describe('what a stop tells of itself', () => {
  const table = new ProcessTable();
  before(function () {
    if (!posix) this.skip();
  });
  afterEach(() => table.shutdown({ graceMs: 10, reopen: true }));

  it('how many were asked and how many are left, then how many had to be killed', async () => {
    const row = await table.start('id', shell(FAMILY), OWNER);
    await untilOutput(row, /ready/);
    const told: string[] = [];
    table.on('changed', ({ stopReport }) => {
      const { asked = 0, left = [], ended = 0, forced = 0, done } = stopReport ?? {};
      told.push(`${asked} ${left.length} ${ended} ${forced} ${done}`);
    });
    await row.stop({ from: 'terminate', graceMs: 400, by: 'person' });
    table.removeAllListeners();
    assert.ok(told.includes('3 1 2 0 false'), told.join());
    assert.equal(told.at(-1), '3 0 3 1 true');
    assert.equal(row.stopReport?.by, 'person');
  });

  it('nothing of what only interrupts', async () => {
    const row = await table.start('id', shell('trap : INT; echo ready; while :; do sleep 0.1; done'), OWNER);
    await untilOutput(row, /ready/);
    await row.stop({ from: 'interrupt', to: 'interrupt', graceMs: 50, by: 'client' });
    assert.equal(row.stopReport, null);
  });

  it('who survived, and nobody once that was killed too', async function () {
    if (!linux) this.skip();
    const row = await table.start('id', shell("setsid sh -c 'echo pid $$; exec sleep 303' & wait"), OWNER);
    const stubborn = Number(/pid (\d+)/.exec(await untilOutput(row, /pid \d+\n/))?.[1]);
    const { start } = newborn(row.pid!, 0);
    let isProtected = true;
    const send = (pid: number, signal: NodeJS.Signals): void => {
      // As the system does for another user's process.
      if (pid === stubborn && isProtected) throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
      process.kill(pid, signal);
    };
    const tree = new PosixTree([{ pid: row.pid!, start, tty: false }], { ...thisMachine(), send });
    const stops = new Stops({
      shown: false,
      closed: () => false,
      tree,
      exited: () => row.exitCode !== null,
      killing: () => undefined,
      changed: () => undefined,
    });
    const left = await stops.climb({ from: 'terminate', graceMs: 100, by: 'person' });
    assert.deepEqual(left, [{ pid: stubborn, command: 'sleep 303' }]);
    const { asked, ended, done } = stops.report!;
    assert.deepEqual([asked, ended, done, stops.report!.left], [2, 1, true, left]);
    isProtected = false;
    assert.deepEqual(await stops.climb({ from: 'kill', by: 'person' }), []);
    assert.deepEqual([stops.report!.left.length, stops.report!.forced], [0, 1]);
    await until(() => !lives(stubborn));
  });
});
