import assert from 'node:assert/strict';
import { driver, eventually, needsDriver } from '../host/driver';
import { api, cleanUp, clickAction, isAlive, node, output, ready, rowWith, run, stateOf } from './support';

const sleeper = 'setInterval(() => 0, 1e6)';

describe('stopping commands from the tree', () => {
  before(ready);
  beforeEach(async function () {
    needsDriver(this);
    await driver.openView('Exec Server');
  });
  afterEach(cleanUp);

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

  it('the Delete key kills the row that the arrow keys have gone to, and asks for no other one once it has ended', async () => {
    const ids = [];
    for (const n of ['1006', '1007', '1008'])
      ids.push((await api.start({ command: `sleep ${n}`, clientName: 'Tester' })).processId);
    await rowWith('sleep 1008');
    await driver.pressRow('sleep 1006');
    await eventually(async () => (await driver.selectedRows()).length === 1, 'it is selected');
    await driver.pressKey('ArrowDown');
    await driver.pressKey('Delete');
    await rowWith('sleep 1007', 'killed');
    await driver.pressKey('Delete');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(await driver.question(), '');
    const states = await Promise.all(ids.map((id) => stateOf(id)));
    assert.deepEqual(states, ['running', 'killed', 'running']);
  });

  it('the Delete key on the row of an agent kills what that runs, asking first where it is more than one, and leaves it unfolded', async () => {
    const start = async (command: string, clientName: string): Promise<string> =>
      (await api.start({ command, clientName })).processId;
    const ids = [await start('sleep 1031', 'Two'), await start('sleep 1032', 'Two')];
    const ended = await start('exit 0', 'One');
    const single = await start('sleep 1033', 'One');
    await rowWith('sleep 1033');
    await eventually(async () => (await stateOf(ended)) === 'exited', 'it has ended');
    const said = async (): Promise<boolean> =>
      (await driver.statusBarText()).some((text) => text.includes('Nothing that runs is selected'));
    // By the keyboard, for a click would fold them.
    await driver.pressRow('sleep 1033');
    await driver.pressKey('ArrowDown');
    await driver.pressKey('Delete');
    await eventually(said, 'a fold is nothing that could be killed');
    assert.equal((await rowWith('Finished (')).expanded, 'false');
    await driver.pressRow('sleep 1033');
    await driver.pressKey('ArrowUp');
    await driver.pressKey('Delete');
    await eventually(async () => (await stateOf(single)) === 'killed', 'killed');
    assert.equal((await rowWith('One')).expanded, 'true');
    await driver.pressRow('sleep 1031');
    await driver.pressKey('ArrowUp');
    // A workbench under test answers every modal dialog by refusing it.
    await driver.pressKey('Delete');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    for (const id of ids) assert.equal(await stateOf(id), 'running');
    assert.equal((await rowWith('Two')).expanded, 'true');
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
});
