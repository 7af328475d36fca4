import assert from 'node:assert/strict';
import { STEP_MS } from '../../../scripts/host/patience.mjs';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver } from '../host/driver';
import { api, cleanUp, clickAction, ready, restingRow, rowWith, run, stateOf } from './support';
import { WireClient } from './wireClient';

const VIEW = 'Exec Server';

describe('the tree of processes', () => {
  before(ready);
  beforeEach(async function () {
    needsDriver(this);
    await driver.openView(VIEW);
  });
  afterEach(async () => {
    await run('showAll');
    await cleanUp();
  });

  it('welcomes, with a way to connect, when nothing has run', async () => {
    await eventually(
      async () => (await driver.viewText()).includes('Copy Codex Command Line'),
      'the welcome',
    );
    await driver.screenshot('welcome');
  });

  it('follows a process from start to end, under the one who started it', async () => {
    const { processId } = await api.start({
      command: 'echo begin; read x; exit 4',
      pipeStdin: true,
      clientName: 'Tester',
    });
    const parent = await rowWith('Tester');
    assert.equal(parent.level, 1);
    const row = await rowWith('echo begin; read x', 'running');
    assert.equal(row.level, 2);
    assert.match(row.label, /^echo begin; read x; exit 4, running since .*, started by Tester/);
    await driver.screenshot('tree-running');
    await api.write({ processId, data: '\n' });
    await restingRow('echo begin', 'exit 4 ·');
    assert.ok(!(await driver.inlineActions('echo begin')).includes('Kill'), 'nothing to kill any more');
  });

  it('says how each ended', async () => {
    await api.start({ command: 'true', clientName: 'Tester' });
    await api.start({ command: 'false', clientName: 'Tester' });
    const { processId } = await api.start({ command: 'sleep 1000', clientName: 'Tester' });
    await api.terminate({ processId });
    await rowWith('true', 'exit 0 ·');
    await rowWith('false', 'exit 1 ·');
    await rowWith('sleep 1000', 'killed ·');
    await driver.screenshot('tree-ended');
  });

  it('what runs comes first, the oldest on top; what has ended is folded, equal short commands as one', async () => {
    for (const command of ['sleep 1010', 'echo again', 'sleep 1011', 'echo again', 'echo again', 'false'])
      await api.start({ command, clientName: 'Folder' });
    const labels = async (): Promise<string[]> =>
      (await driver.treeRows('Processes')).map(({ text }) => text);
    const folded = async (): Promise<boolean> =>
      (await labels()).some((text) => /^Finished \(4\) ?1 failed/.test(text));
    await eventually(folded, 'the fold', STEP_MS);
    const shown = (await labels()).map(
      (text) => /Folder|sleep 101.|Finished|echo again|false/.exec(text)?.[0],
    );
    assert.deepEqual(shown, ['Folder', 'sleep 1010', 'sleep 1011', 'Finished'], 'folded');
    await rowWith('echo again', '×3');
    assert.equal((await labels()).filter((text) => text.includes('echo again')).length, 1);
    const failed = await rowWith('exit 1 · false');
    assert.match(failed.text, /^exit 1 · false/, 'how it ended is not what a narrow side bar cuts off');
    await driver.screenshot('tree-finished');
    await driver.pressRow('echo again');
    await eventually(() => vscode.window.activeTerminal?.name.includes('echo again'), 'the latest of them');
  });

  it('what is selected stays where it is when it ends, until something else is', async () => {
    const { processId } = await api.start({ command: 'read x', pipeStdin: true, clientName: 'Tester' });
    await api.start({ command: 'sleep 1012', clientName: 'Tester' });
    await rowWith('sleep 1012');
    await driver.pressRow('read x');
    await api.write({ processId, data: '\n' });
    await rowWith('read x', 'exit 0');
    await new Promise((resolve) => setTimeout(resolve, 2000));
    assert.deepEqual((await driver.selectedRows()).length, 1);
    assert.match((await driver.selectedRows())[0] ?? '', /read x/);
    await driver.pressRow('sleep 1012');
    await eventually(
      async () => (await driver.treeRows()).some(({ text }) => text === 'Finished (1)'),
      'folded',
    );
    assert.match((await driver.selectedRows())[0] ?? '', /sleep 1012/);
  });

  it('shows what is looked for, as it is typed, and all again; groups by folder and not at all', async () => {
    await api.start({ command: 'sleep 1020', clientName: 'One' });
    await api.start({ command: 'sleep 1021; false', clientName: 'Two' });
    const shown = async (): Promise<string> =>
      (await driver.treeRows('Processes')).map(({ text }) => text).join('|');
    await rowWith('sleep 1020');
    await rowWith('sleep 1021');
    const { url } = await api.connection();
    const idle = await WireClient.connect(url, { clientName: 'Idle agent', resumeSessionId: null });
    await rowWith('Idle agent', 'connected');
    await driver.runCommand('Exec Server: Filter Processes…');
    await driver.answer('1021');
    await eventually(
      async () => !/1020|Idle agent/.test(await shown()) && (await shown()).includes('1021'),
      'what fits, and no agent without it',
    );
    await eventually(
      async () => (await driver.viewText('Processes')).includes('Filter: "1021"'),
      'it says that not all are there',
    );
    await driver.runCommand('Exec Server: Show Only Failed Processes');
    await eventually(async () => (await driver.treeRows('Processes')).length === 0, 'none');
    await driver.runCommand('Exec Server: Show All Processes');
    await rowWith('sleep 1020');
    await rowWith('Idle agent');
    idle.close();
    for (const [choice, level] of [
      ['One list', 1],
      ['Machine', 2],
      ['Folder', 2],
      ['Agent', 2],
    ] as const) {
      await driver.runCommand('Exec Server: Group Processes By');
      await driver.quickPick(choice);
      await eventually(
        async () =>
          (await rowWith('sleep 1020')).level === level &&
          // Whose it is the row itself says, where no row above it does.
          /^sleep 1020 ?One · since/.test((await rowWith('sleep 1020')).text) === (choice !== 'Agent') &&
          // The folder of the workspace has its name.
          /\|demo\||^demo\|/.test(await shown()) === (choice === 'Folder') &&
          (await shown()).includes('This machine') === (choice === 'Machine'),
        choice,
      );
    }
  });

  it('Collapse All folds every agent, which then stay folded, and say that something below needs somebody', async () => {
    for (const clientName of ['One', 'Two']) {
      await api.start({ command: 'echo over', clientName });
      await api.start({ command: 'sleep 1022', clientName });
    }
    const rows = async (): Promise<string[]> =>
      (await driver.treeRows('Processes')).map(({ level, expanded }) => `${level} ${expanded}`);
    await rowWith('sleep 1022');
    await rowWith('echo over');
    await driver.clickViewAction('Processes', 'Collapse All');
    await eventually(async () => (await rows()).join() === '1 false,1 false', 'both are folded');
    await api.start({ command: 'printf "Sure? "; read a', tty: true, clientName: 'One' });
    await rowWith('One', '1 command needs you');
    assert.deepEqual(await rows(), ['1 false', '1 false']);
  });

  it('an agent that is gone says when its commands end; Keep and End Now do so', async () => {
    const agents = await Promise.all(
      ['1013', '1014'].map(async (n) => {
        const { url } = await api.connection();
        const agent = await WireClient.connect(url, { clientName: `gone ${n}`, resumeSessionId: null });
        await agent.start('p', `exec sleep ${n}`);
        await rowWith(`sleep ${n}`);
        agent.close();
        await rowWith(`gone ${n}`, 'its commands end at');
        return agent;
      }),
    );
    assert.equal(agents.length, 2);
    await driver.screenshot('tree-gone');
    await clickAction('gone 1013', 'Keep Its Commands Running');
    await rowWith('gone 1013', 'its commands run on');
    await clickAction('gone 1014', 'End Its Commands Now');
    await rowWith('killed · exec sleep 1014');
    await eventually(
      async () => (await driver.rowTooltip('sleep 1014')).includes('Stopped by you'),
      'by whom',
    );
    await rowWith('sleep 1013', 'running');
    await driver.runCommand('Exec Server: Kill All');
    await eventually(
      async () => (await api.list()).every(({ state }) => state === 'killed'),
      'both have ended',
    );
  });

  it('Clear Finished leaves what runs', async () => {
    await api.start({ command: 'echo over' });
    const { processId } = await api.start({ command: 'sleep 1004' });
    await rowWith('echo over', 'exit 0 ·');
    await driver.runCommand('Exec Server: Clear Finished');
    await eventually(async () => (await api.list()).length === 1, 'one is left');
    await eventually(
      async () => !(await driver.treeRows()).some(({ text }) => text.includes('echo over')),
      'row gone',
    );
    assert.equal(await stateOf(processId), 'running');
  });

  it('Copy Command and Copy Output give plain text', async () => {
    const { processId } = await api.start({ command: "printf '\\033[31mred\\033[0m\\n'" });
    await eventually(async () => (await stateOf(processId)) === 'exited', 'exited');
    await run('process.copyOutput', processId);
    assert.equal(await vscode.env.clipboard.readText(), 'red\n');
    await run('process.copyCommand', processId);
    const copied = await vscode.env.clipboard.readText();
    assert.match(copied, /^\/[^ ]+ -c '/);
    assert.ok(copied.endsWith(String.raw` -c 'printf '\''\033[31mred\033[0m\n'\'''`), copied);
  });

  it('hostile text in a command is shown as text', async () => {
    await api.start({
      argv: ['/bin/echo', '\u202Eevil', '**bold** [x](command:execServer.killAll)\n\x1b[31m'],
    });
    const row = await rowWith('echo');
    assert.ok(!/[\u202e\x1b]/.test(row.text + row.label), JSON.stringify(row));
  });
});
