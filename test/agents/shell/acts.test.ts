/** What people do to the commands of agents that are at work, several at once. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CASE_MS } from '../../../scripts/host/patience.mjs';
import { identityOf, type ManagedProcess } from '../../../src/environment';
import { outputOf, Stage, until } from '../../unit/agents/shell/support';
import { drive, missing, NAMES, type Name, type Running } from './drive';
import { startModel, type Model } from './models';

const PATIENCE_MS = 200_000;
const GRACE_MS = 60_000;
/** What the agents' commands wait for, made in the workspace. */
const WAIT = (file: string): string => `while [ ! -e ${file} ]; do sleep 0.1; done`;

/** Whether a session has a `sleep`. */
const sleeps = (pid: number): boolean => spawnSync('pgrep', ['-s', String(pid), '-x', 'sleep']).status === 0;

/** opencode waits for ever for a command that a signal ends, with or without us. */
const outlivesSignal = (name: Name): boolean => name !== 'opencode';

const callsOf = (name: Name): string[] => [
  ...(outlivesSignal(name) ? [`: ${name} nine; echo start; exec sleep 599`] : []),
  `: ${name} kill; echo start; sleep 600; echo "after $?"`,
  `: ${name} close; echo one; ${WAIT('closed')}; echo two; touch ${name}; ${WAIT('open')}; echo three; exit 6`,
  `: ${name} last; echo start; echo $$ > ${name}.pid; sleep 601`,
];

(process.platform === 'linux' ? describe : describe.skip)('commands of real agents, several at once', () => {
  it('are killed, seen through a reload, and told of when their agent ends', async function () {
    this.timeout(CASE_MS);
    const there: Name[] = [];
    for (const name of NAMES) {
      const reason = await missing(name);
      if (reason === undefined) there.push(name);
      else console.log(`      skipped: ${reason}`);
    }
    if (there.length === 0) return this.skip();
    const stage = new Stage();
    await stage.open();
    const agents = await Promise.all(
      there.map(async (name) => {
        const model = await startModel(callsOf(name).map((command) => ({ command, timeoutMs: 500_000 })));
        const at = { name, home: join(stage.root, name), cwd: stage.workspace, model: model.url };
        const running = await drive({ ...at, programs: stage.programs });
        return { name, model, ...running };
      }),
    );
    const rowOf = (name: Name, act: string): Promise<ManagedProcess> =>
      until(
        `the row ${name} ${act}`,
        () =>
          stage.table.list().find(({ spec: { label, argv } }) => {
            return (label ?? argv.at(-1) ?? '').startsWith(`: ${name} ${act};`);
          }),
        PATIENCE_MS,
      );
    const outputs = async (act: string, wanted: string): Promise<ManagedProcess[]> => {
      const rows = await Promise.all(there.map((name) => rowOf(name, act)));
      for (const row of rows) await until('its output', () => outputOf(row) === wanted, PATIENCE_MS);
      return rows;
    };
    try {
      // What stands in for the agent's shell has become the command: there is no other process to kill.
      for (const name of there.filter(outlivesSignal)) {
        const row = await rowOf(name, 'nine');
        await until('its output', () => outputOf(row) === 'start\n', PATIENCE_MS);
        process.kill(row.pid ?? 0, 'SIGKILL');
        await until('its end', () => row.state !== 'running', PATIENCE_MS);
        // Gemini CLI has put the command into a shell of its own, which goes on, as without us.
        await row.stop({ from: 'kill', by: 'person' });
        await until('its row to close', () => row.closed, PATIENCE_MS);
      }
      const killed = await outputs('kill', 'start\n');
      assert.equal(new Set(killed.map(({ owner }) => owner.id)).size, there.length);
      // A shell that has started none yet is asked itself, and a signal ends it.
      for (const { pid } of killed) await until('its sleep', () => sleeps(pid ?? 0), PATIENCE_MS);
      // Long enough for a shell on a loaded machine to end by itself once its command has.
      const stop = { from: 'terminate', by: 'person', graceMs: GRACE_MS } as const;
      const survivors = await Promise.all(killed.map((row) => row.stop(stop)));
      assert.deepEqual(survivors.flat(), []);

      await outputs('close', 'one\n');
      await stage.close();
      writeFileSync(join(stage.workspace, 'closed'), '');
      // They go on with nobody to look.
      for (const name of there)
        await until('its step', () => existsSync(join(stage.workspace, name)), PATIENCE_MS);
      await stage.open();
      const again = await outputs('close', 'one\ntwo\n');
      writeFileSync(join(stage.workspace, 'open'), '');
      await outputs('last', 'start\n');
      for (const row of again) await until('its end', () => row.closed, PATIENCE_MS);
      assert.deepEqual(
        again.map((row) => [outputOf(row), row.exitCode]),
        again.map(() => ['one\ntwo\nthree\n', 6]),
      );

      // A row is right about its command, whatever its agent does to that at its own end.
      for (const { pid } of agents) process.kill(pid, 'SIGTERM');
      for (const name of there) {
        const row = await rowOf(name, 'last');
        const pid = Number(readFileSync(join(stage.workspace, `${name}.pid`), 'utf8'));
        const lives = (): boolean => identityOf(pid) !== undefined;
        assert.equal(row.pid, pid);
        await until('the row to be right', () => (row.state === 'running') === lives());
        await row.stop({ from: 'terminate', by: 'person' });
        await until('the command to go', () => !lives() && row.closed);
      }
      for (const { name, model } of agents) {
        const results = model.results();
        const [first = '', second = ''] = outlivesSignal(name) ? results.slice(1) : results;
        if (outlivesSignal(name)) assert.match(results[0] ?? '', /start/, name);
        assert.match(first, /start\n(?:.*\n)*(?:after|Exit Code:) 143/, `${name}: ${first}`);
        assert.match(second, /one\ntwo\nthree/, name);
      }
      assert.deepEqual(stage.problems, []);
    } finally {
      for (const { pid, model } of agents) {
        model.close();
        try {
          process.kill(-pid, 'SIGKILL');
        } catch {
          // It has ended.
        }
      }
      await stage.clear();
    }
  });

  it('end or go on as without us when a person interrupts their agent, and the row is right', async function () {
    this.timeout(CASE_MS);
    const stage = new Stage();
    await stage.open();
    const begun: { name: Name; door: boolean; agent: Running; model: Model; file: string }[] = [];
    try {
      for (const name of NAMES) {
        if ((await missing(name)) !== undefined) continue;
        for (const door of [false, true]) {
          const file = `${name}-${door}.pid`;
          const command = `: ${name}; echo start; echo $$ > ${file}; sleep 602; true`;
          const model = await startModel([{ command, timeoutMs: 500_000 }]);
          const at = { name, home: join(stage.root, file), cwd: stage.workspace, model: model.url };
          const agent = await drive({ ...at, ...(door ? { programs: stage.programs } : {}) });
          begun.push({ name, door, agent, model, file: join(stage.workspace, file) });
        }
      }
      if (begun.length === 0) return this.skip();
      const pidOf = ({ file }: { file: string }): number => Number(readFileSync(file, 'utf8'));
      const lives = (one: { file: string }): boolean => identityOf(pidOf(one)) !== undefined;
      for (const one of begun)
        await until(`a command of ${one.name}`, () => existsSync(one.file) && pidOf(one) > 0, PATIENCE_MS);
      // As Ctrl-C in its terminal: the command is in a session of its own.
      for (const { agent } of begun) process.kill(-agent.pid, 'SIGINT');
      for (const { agent } of begun) await agent.ended;
      const [bare, shown] = [false, true].map((door) => begun.filter((one) => one.door === door));
      for (const one of shown ?? []) {
        const without = bare?.find(({ name }) => name === one.name);
        await until(`${one.name} as without us`, () => without && lives(one) === lives(without), PATIENCE_MS);
        const row = stage.table.list().find(({ pid }) => pid === pidOf(one));
        await until('the row to be right', () => (row?.state === 'running') === lives(one));
      }
      assert.equal(stage.table.list().length, shown?.length);
      assert.deepEqual(stage.problems, []);
    } finally {
      for (const { agent, model, file } of begun) {
        model.close();
        for (const pid of [agent.pid, existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0]) {
          try {
            if (pid > 0) process.kill(-pid, 'SIGKILL');
          } catch {
            // It has ended.
          }
        }
      }
      await stage.clear();
    }
  });
});
