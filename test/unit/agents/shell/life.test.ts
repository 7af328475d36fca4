import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { livesOn, identityOf } from '../../../../src/environment';
import { outputOf, Stage, start, until } from './support';

const CALLS = 1000;
const alive = (pid: number | null | undefined): boolean => identityOf(pid ?? 0) !== undefined;

(process.platform === 'linux' ? describe : describe.skip)('a command that is shown', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = new Stage();
    await stage.open();
  });
  afterEach(() => stage.clear());

  const bash = (script: string) =>
    start(join(stage.programs.lookAlikes, 'bash'), ['-c', script], {
      cwd: stage.workspace,
      env: stage.env(),
    });

  it('is the agent’s own child, with the pid that the row tells, and is shown while it runs', async () => {
    const { child, result } = bash('echo early; sleep 600');
    const row = await stage.row();
    assert.equal(row.pid, child.pid);
    await until('its output', () => outputOf(row) === 'early\n');
    assert.equal(row.state, 'running');
    child.kill('SIGTERM');
    // The leader alone was asked, and its child holds the streams, as without us.
    await until('its exit', () => row.state !== 'running');
    await row.stop({ from: 'kill', by: 'person' });
    assert.equal((await result).signal, 'SIGTERM');
  });

  it('ends by a kill from the pane, children first, so that the shell ends by itself', async () => {
    const { result } = bash('echo start; sleep 600; echo "after $?"');
    const row = await stage.row();
    await until('its output', () => outputOf(row) === 'start\n');
    assert.deepEqual(await row.stop({ from: 'terminate', by: 'person' }), []);
    const { code, signal, stdout } = await result;
    assert.deepEqual([code, signal, stdout], [0, null, 'start\nafter 143\n']);
    await until('its row to close', () => row.closed);
    assert.equal(row.state, 'killed');
  });

  it('ends by itself after a kill from the pane also when it is slow to learn that its child has ended', async function () {
    this.timeout(60_000);
    const { child, result } = bash('echo start; sleep 600; echo "after $?"');
    const row = await stage.row();
    await until('its output', () => outputOf(row) === 'start\n');
    // As on a machine that has no time for it.
    child.kill('SIGSTOP');
    const stopped = row.stop({ from: 'terminate', by: 'person', graceMs: 10_000 });
    setTimeout(() => child.kill('SIGCONT'), 5000);
    assert.deepEqual(await stopped, []);
    const { code, signal, stdout } = await result;
    assert.deepEqual([code, signal, stdout], [0, null, 'start\nafter 143\n']);
  });

  it('that ends neither by its child nor by itself is asked before it is forced', async () => {
    const { result } = bash('trap "echo asked; exit 9" TERM; echo start; sleep 600; while :; do :; done');
    const row = await stage.row();
    await until('its output', () => outputOf(row) === 'start\n');
    assert.deepEqual(await row.stop({ from: 'terminate', by: 'person', graceMs: 4000 }), []);
    const { code, stdout } = await result;
    assert.deepEqual([code, stdout], [9, 'start\nasked\n']);
  });

  it('goes on when the window is reloaded or dies, and the next one shows it again, from its beginning', async () => {
    const { child, result } = bash('echo one; sleep 600');
    const row = await stage.row();
    await until('its output', () => outputOf(row) === 'one\n');
    await stage.close();
    assert.ok(alive(child.pid));
    await stage.open();
    const again = await stage.row();
    assert.equal(again.pid, child.pid);
    assert.ok(again.startedAt < Date.now() - 20);
    await until('its output', () => outputOf(again) === 'one\n');
    child.kill('SIGKILL');
    assert.equal((await result).signal, 'SIGKILL');
    await until('its row to close', () => again.closed);
  });

  it('is not shown any more once a person has disconnected its agent, and goes on', async () => {
    const { child, result } = bash('echo one; sleep 600; echo two');
    const row = await stage.row();
    await until('its output', () => outputOf(row) === 'one\n');
    await stage.shown?.leave(row.owner.id);
    assert.deepEqual(stage.table.list(), []);
    assert.deepEqual([row.closed, row.state], [true, 'lost']);
    assert.ok(alive(child.pid));
    assert.equal((await bash('echo unseen').result).stdout, 'unseen\n');
    const sleeper = execFileSync('pgrep', ['-s', String(child.pid), '-x', 'sleep']).toString();
    process.kill(Number(sleeper), 'SIGTERM');
    assert.equal((await result).stdout, 'one\ntwo\n');
    assert.deepEqual(stage.table.list(), []);
  });

  it('is not held up by a background child, and what that writes is shown', async () => {
    const { child } = bash('(sleep 1; echo late) & echo early');
    const row = await stage.row();
    await until('its exit', () => row.state === 'exited');
    assert.ok(!row.closed);
    assert.ok(!alive(child.pid));
    await until('its end', () => row.closed);
    assert.equal(outputOf(row), 'early\nlate\n');
  });

  for (const [what, script] of [
    ['in its session', 'sleep 600 & echo left'],
    ['in one of its own, by a child that has ended', '(setsid sh -c "sleep 600; true" &); echo left'],
  ] as const) {
    it(`ends by a kill from the pane when it has left only something ${what}`, async () => {
      const { child, result } = bash(script);
      const row = await stage.row();
      await until('its exit', () => row.state === 'exited' && outputOf(row) === 'left\n');
      assert.ok(!alive(child.pid));
      assert.deepEqual(await row.stop({ from: 'terminate', by: 'person' }), []);
      // Its agent waits for that as without us.
      assert.equal((await result).stdout, 'left\n');
      await until('its row to close', () => row.closed);
      assert.equal(row.stopReport?.ended, what.startsWith('in its') ? 1 : 2);
    });
  }

  it('gets the signals of its group, and what it says then reaches its agent', async () => {
    const { child, result } = bash(
      'trap "echo trapped; exit 9" TERM; echo start; while :; do sleep 0.1; done',
    );
    const row = await stage.row();
    await until('its output', () => outputOf(row) === 'start\n');
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    const { code, stdout } = await result;
    assert.deepEqual([code, stdout], [9, 'start\ntrapped\n']);
  });

  it('leaves nothing behind when its group is killed', async () => {
    const { child, result } = bash('echo start; sleep 600');
    const row = await stage.row();
    await until('its output', () => outputOf(row) === 'start\n');
    const base = join(stage.folders.commands, row.clientProcessId);
    const copier = Number(readFileSync(`${base}.out.pid`, 'latin1'));
    const begun = identityOf(copier) ?? 0;
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    assert.equal((await result).signal, 'SIGKILL');
    await until('the copier to go', () => !livesOn(copier, begun));
    await until('its row to close', () => row.closed);
    await until('its files to go', () => !existsSync(`${base}.about`));
  });

  it('may write 50 MB, all of which its agent gets', async () => {
    const { result } = bash('head -c 50000000 /dev/zero | tr "\\0" x');
    const { stdout } = await result;
    assert.equal(stdout.length, 50_000_000);
    const row = await stage.row(({ closed }) => closed);
    assert.equal(row.totalBytes, 50_000_000);
  });

  it('never waits for a window that does not look: a thousand of them, which it shows later', async function () {
    this.timeout(600_000);
    const loop = (program: string): string =>
      `seq ${CALLS} | xargs -P 8 -I@ ${program} -c 'echo @; seq @ 1020' | sort -n | md5sum`;
    const env = { ...stage.env(), DOOR: join(stage.programs.lookAlikes, 'bash') };
    // Nobody of this process looks at anything meanwhile.
    const run = (script: string): string =>
      execFileSync('/bin/bash', ['-c', script], { cwd: stage.workspace, env, encoding: 'latin1' });
    assert.equal(run(loop('"$DOOR"')), run(loop('/bin/bash')));
    assert.equal(readdirSync(stage.folders.commands).filter((name) => name.endsWith('.about')).length, CALLS);
    await until('the files to go', () => readdirSync(stage.folders.commands).length === 0, 300_000);
    assert.deepEqual(stage.problems, []);
  });
});
