import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Stage, start, until } from './support';

/** Where the start stands behind the name in /proc/PID/stat. */
const START = 19;

/** As `shellProgram` writes it, of a process that runs: this one, unless another is meant. */
function announcement(cwd: string, pid = process.pid, startedAt?: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (startedAt !== undefined) fields[START] = String(startedAt);
  return ['1', pid, fields.join(' ').trim(), cwd, 'x', 'session', '1', '1', 'true', 'end'].join('\0');
}

(process.platform === 'linux' ? describe : describe.skip)(
  'what else lies where commands are announced',
  () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = new Stage();
      await stage.open();
    });
    afterEach(() => stage.clear());

    const inCommands = (name: string): string => join(stage.folders.commands, name);
    const isShown = async (): Promise<void> => {
      const shell = join(stage.programs.lookAlikes, 'bash');
      const { child } = start(shell, ['-c', 'sleep 600; :'], { cwd: stage.workspace, env: stage.env() });
      const row = await stage.row(({ pid }) => pid === child.pid);
      await row.stop({ from: 'kill', by: 'person' });
    };

    it('holds up nothing: pipes that nobody writes into', async () => {
      const names = Array.from({ length: 8 }, (_, index) => inCommands(`${index}.about`));
      execFileSync('mkfifo', names);
      await isShown();
    });

    it('holds up nothing: files that are very large, and go in the end', async () => {
      const name = inCommands('0.about');
      writeFileSync(name, announcement(stage.workspace));
      truncateSync(name, 2 ** 30);
      const long = new Date(Date.now() - 120_000);
      utimesSync(name, long, long);
      await isShown();
      await until('its end', () => !existsSync(name));
    });

    it('is no reason to kill a process that has the pid of another now', async () => {
      const { child } = start('sleep', ['600'], { cwd: stage.workspace });
      const stays = start('sleep', ['600'], { cwd: stage.workspace }).child;
      // Both are there, so that a kill reaches the one that is announced as it is.
      const put = (name: string, text: string): void => writeFileSync(inCommands(`${name}.about`), text);
      put('other', announcement(stage.workspace, stays.pid, 1));
      put('own', announcement(stage.workspace, child.pid));
      const row = await stage.row(({ pid }) => pid === child.pid);
      await row.stop({ from: 'kill', by: 'person' });
      await until('its end', () => child.signalCode !== null);
      const wrong = await stage.row(({ pid }) => pid === stays.pid);
      await until('its row to say that it has ended', () => wrong.state !== 'running');
      await wrong.stop({ from: 'kill', by: 'person' });
      assert.equal(stays.signalCode, null);
      assert.ok(stays.kill('SIGKILL'));
      await once(stays, 'exit');
      assert.equal(stays.signalCode, 'SIGKILL', 'it was there until now');
    });

    it('is shown up to a bound that names itself', async () => {
      for (let index = 0; index < 300; index++)
        writeFileSync(inCommands(`${index}.about`), announcement(stage.workspace));
      await until('the rows', () => stage.table.list().length >= 256);
      await sleep(1500);
      assert.equal(stage.table.list().length, 256);
      assert.deepEqual(stage.problems, [
        '256 commands that agents run themselves are shown: others are when some of them have ended',
      ]);
      assert.equal(readdirSync(stage.folders.commands).length, 300);
    });
  },
);
