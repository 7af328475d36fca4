import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver } from '../host/driver';
import {
  api,
  cleanUp,
  clickAction,
  isAlive,
  node,
  output,
  ready,
  ROW_PATIENCE_MS,
  rowWith,
  run,
  stateOf,
} from './support';

const VIEW = 'Exec Server';

const sleeper = 'setInterval(() => 0, 1e6)';

describe('the tree of processes', () => {
  before(ready);
  beforeEach(async function () {
    needsDriver(this);
    await driver.openView(VIEW);
  });
  afterEach(cleanUp);

  it('welcomes, with a way to connect, when nothing has run', async () => {
    await eventually(
      async () => (await driver.viewText()).includes('Copy Environment Variables'),
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
    assert.match(row.label, /^echo begin; read x; exit 4, running .* s, started by Tester/);
    await rowWith('running 1 s');
    await driver.screenshot('tree-running');
    await api.write({ processId, data: '\n' });
    await rowWith('echo begin', 'exit 4 ·');
    assert.ok(!(await driver.inlineActions('echo begin')).includes('Kill'), 'nothing to kill any more');
  });

  it('the tooltip of a running command stays while others age, and goes with its end', async () => {
    const { processId } = await api.start({ command: 'sleep 1006', clientName: 'Tester' });
    await api.start({ command: 'sleep 1007', clientName: 'Tester' });
    await rowWith('sleep 1006', 'running');
    await eventually(
      async () => (await driver.rowTooltip('sleep 1006')).includes('Tester'),
      'the tooltip',
      ROW_PATIENCE_MS,
    );
    for (let ages = 3; ages > 0; ages--) {
      const { text } = await rowWith('sleep 1007', 'running');
      await eventually(async () => (await rowWith('sleep 1007')).text !== text, 'an older row');
    }
    assert.match(await driver.shownTooltip(), /Tester/);
    await api.terminate({ processId });
    await rowWith('sleep 1006', 'killed ·');
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

  it('Kill by a click ends the process and its grandchild', async () => {
    const { processId, pid } = await api.start({
      ...node(
        `const c = require("child_process").spawn(process.execPath, ["-e", "${sleeper}"]); console.log(c.pid); ${sleeper}`,
      ),
      clientName: 'Tester',
    });
    const grandchild = await eventually(
      async () => Number(await output(processId)),
      'the pid of the grandchild',
    );
    await clickAction('node -e', 'Kill');
    await eventually(async () => (await stateOf(processId)) === 'killed', 'killed');
    await eventually(() => !isAlive(pid) && !isAlive(grandchild), 'both are gone');
    await rowWith('node -e', 'killed ·');
  });

  it('Interrupt by a click is a Ctrl+C that the process may handle', async () => {
    const { processId } = await api.start({
      ...node(
        `process.on("SIGINT", () => { console.log("asked"); process.exit(7); }); console.log("up"); ${sleeper}`,
      ),
    });
    await eventually(async () => (await output(processId)).includes('up'), 'up');
    await clickAction('node -e', 'Interrupt');
    await rowWith('node -e', 'exit 7 ·');
    assert.match(await output(processId), /asked/);
  });

  it('the Delete key kills what is selected', async () => {
    const { processId } = await api.start({ command: 'sleep 1001' });
    await rowWith('sleep 1001');
    await driver.clickRow('sleep 1001');
    await driver.pressKey('Delete');
    await eventually(async () => (await stateOf(processId)) === 'killed', 'killed');
  });

  it('a click on a row that is just being drawn anew kills nothing else', async () => {
    const { processId } = await api.start({ command: 'sleep 1005' });
    await rowWith('sleep 1005');
    await driver.clickRow('sleep 1005');
    void run('process.kill', undefined);
    await eventually(
      async () => (await driver.quickPickRows()).some((row) => row.includes('sleep 1005')),
      'a question',
    );
    await driver.pressKey('Escape');
    assert.equal(await stateOf(processId), 'running');
  });

  it('Kill All ends a single command at once', async () => {
    const { processId } = await api.start({ command: 'sleep 1002' });
    await rowWith('sleep 1002');
    await driver.runCommand('Exec Server: Kill All');
    await eventually(async () => (await stateOf(processId)) === 'killed', 'killed');
  });

  it('Kill All of several does nothing unless a person says yes', async () => {
    const ids = await Promise.all(['1003', '1004'].map((n) => api.start({ command: `sleep ${n}` })));
    // A workbench under test answers every modal dialog by refusing it.
    await Promise.resolve(run('killAll')).catch(() => undefined);
    for (const { processId } of ids) assert.equal(await stateOf(processId), 'running');
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
      ROW_PATIENCE_MS,
    );
    assert.equal(await stateOf(processId), 'running');
  });

  it('a failure that nobody saw is a badge until the view is looked at', async () => {
    await driver.openView('Explorer');
    await api.start({ command: 'sleep 1; exit 9' });
    await eventually(async () => (await driver.viewBadge(VIEW)).includes('1 command failed'), 'the badge');
    await driver.openView(VIEW);
    await eventually(async () => !(await driver.viewBadge(VIEW)).includes('failed'), 'no badge');
  });

  it('Copy Command and Copy Output give plain text', async () => {
    const { processId } = await api.start({ command: "printf '\\033[31mred\\033[0m\\n'" });
    await eventually(async () => (await stateOf(processId)) === 'exited', 'exited');
    await run('process.copyOutput', processId);
    assert.equal(await vscode.env.clipboard.readText(), 'red\n');
    await run('process.copyCommand', processId);
    assert.equal(await vscode.env.clipboard.readText(), "printf '\\033[31mred\\033[0m\\n'");
  });

  it('hostile text in a command is shown as text', async () => {
    await api.start({
      argv: ['/bin/echo', '\u202Eevil', '**bold** [x](command:execServer.killAll)\n\x1b[31m'],
    });
    const row = await rowWith('echo');
    assert.ok(!/[\u202e\x1b]/.test(row.text + row.label), JSON.stringify(row));
  });
});
