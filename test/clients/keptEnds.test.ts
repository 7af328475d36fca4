import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { CASE_MS, STEP_MS } from '../../scripts/host/patience.mjs';
import { earlierCommands } from '../../src/record';
import { until, untilClosed, untilOutput } from '../unit/process/helpers';
import { alive, gone } from '../wire/procfs';
import { sh } from './collect';
import { KeptWorkspace } from './keptWorkspace';

/** What ended in it, and why. */
async function ends(workspace: KeptWorkspace): Promise<string[]> {
  return (await workspace.happened()).flatMap((one) => {
    if (one.kind === 'idle' || one.kind === 'endedAll') return [one.kind];
    if (one.kind === 'signalled') return [one.signal];
    return one.kind === 'ended' ? [`ended: ${one.why}`] : [];
  });
}

describe('the end of a server that is kept', function () {
  this.timeout(CASE_MS);
  let kept: KeptWorkspace;
  beforeEach(() => (kept = new KeptWorkspace()));
  afterEach(() => kept.close());

  it('End Everything ends all of it, for all windows', async () => {
    const [one, two] = [await kept.window(), await kept.window()];
    const agent = await kept.agent(one);
    await agent.start({ ...sh('echo "me=$$."; sleep 1062'), processId: 'long' }, () => undefined);
    const command = Number(/me=(\d+)\./.exec(await untilOutput(await two.row('long'), /me=\d+\./))?.[1]);
    const { pid = 0 } = kept;
    await one.server.close();
    await gone(pid);
    await gone(command);
    await until(() => two.problem !== undefined, STEP_MS, 'the other window is told');
    assert.match(two.problem ?? '', /was ended from another window/);
    assert.deepEqual(kept.left, []);
    assert.deepEqual(await ends(kept), ['endedAll', 'ended: endedAll']);
  });

  it('a SIGTERM ends all of it in order, and each window, the time-line and the commands of before say so', async () => {
    const window = await kept.window();
    const agent = await kept.agent(window);
    const script = 'echo "me=$$."; trap "" TERM; while :; do sleep 1; done';
    await agent.start({ ...sh(script), processId: 'long' }, () => undefined);
    const row = await window.row('long');
    const command = Number(/me=(\d+)\./.exec(await untilOutput(row, /me=\d+\./))?.[1]);
    const { pid = 0 } = kept;
    process.kill(pid, 'SIGTERM');
    await gone(pid);
    await gone(command);
    await until(() => window.problem !== undefined, STEP_MS, 'the window is told');
    assert.match(window.problem ?? '', /was ended by a signal from outside, and its commands with it/);
    assert.deepEqual(kept.left, []);
    assert.deepEqual(await ends(kept), ['SIGTERM', 'ended: signalled']);
    const [earlier] = earlierCommands(await kept.happened(), () => false);
    assert.equal(earlier?.end?.why, 'signalled');
  });

  it('a new token ends what runs, and that is why', async () => {
    const window = await kept.window();
    const agent = await kept.agent(window);
    await agent.start({ ...sh('echo "me=$$."; sleep 1064'), processId: 'long' }, () => undefined);
    await untilOutput(await window.row('long'), /me=\d+\./);
    await window.server.renewToken();
    await untilClosed(await window.row('long'));
    // The time-line is written behind the rows.
    let told: readonly string[] = [];
    while (told.length === 0) told = await ends(kept);
    assert.deepEqual(told, ['ended: renewed']);
  });

  it('a kill -9 of it ends its commands, and each window says so', async () => {
    const window = await kept.window();
    const agent = await kept.agent(window);
    await agent.start(
      { ...sh('setsid sleep 1063 & echo "me=$!."; wait'), processId: 'long' },
      () => undefined,
    );
    const row = await window.row('long');
    const command = Number(/me=(\d+)\./.exec(await untilOutput(row, /me=\d+\./))?.[1]);
    process.kill(kept.pid ?? 0, 'SIGKILL');
    await until(() => window.problem !== undefined, STEP_MS, 'the window is told');
    assert.match(window.problem ?? '', /ended without a word, and its commands with it/);
    await untilClosed(row);
    assert.equal(row.state, 'lost');
    await gone(command);
    // Another one takes its place, and sweeps what it has left.
    await kept.window();
    assert.equal(kept.left.filter((name) => name.endsWith('.json')).length, 1);
  });

  it('without a window it ends after a while, counted from the last one’s leaving, and leaves nothing', async () => {
    await kept.close();
    kept = new KeptWorkspace({ idleMs: 1500 });
    const window = await kept.window();
    const agent = await kept.agent(window);
    await agent.start(
      { ...sh('echo "me=$$."; trap "" TERM; while :; do sleep 1; done'), processId: 'long' },
      () => undefined,
    );
    const command = Number(/me=(\d+)\./.exec(await untilOutput(await window.row('long'), /me=\d+\./))?.[1]);
    const { pid = 0 } = kept;
    await setTimeout(2000);
    assert.ok(alive(pid));
    const left = performance.now();
    await window.reload();
    assert.ok(alive(pid) && alive(command));
    await gone(pid);
    assert.ok(performance.now() - left >= 1500);
    await gone(command);
    assert.deepEqual(kept.left, []);
    assert.deepEqual((await ends(kept)).slice(-2), ['idle', 'ended: idle']);
  });
});
