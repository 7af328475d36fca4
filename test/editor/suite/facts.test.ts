import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver } from '../host/driver';
import { api, cleanUp, clickAction, node, output, ready, rowWith, run, shows, stateOf } from './support';

/** Two that end when asked, and one that does not. */
const FAMILY = 'sleep 1051 & (trap "" TERM; echo ready; exec sleep 1052) & trap "exit 0" TERM; wait; wait';
const SERVER = `require('http').createServer(() => 0).listen(0, '127.0.0.1', function () {
  console.log('port ' + this.address().port); })`;

describe('what a command is made of, and what can be done with it', () => {
  before(ready);
  beforeEach(async function () {
    needsDriver(this);
    await driver.openView('Exec Server');
  });
  afterEach(cleanUp);

  const start = (command: string): ReturnType<typeof api.start> =>
    api.start({ command, clientName: 'Tester' });
  const writes = (processId: string, text: string): Promise<boolean> =>
    eventually(async () => (await output(processId)).includes(text), `it writes ${text}`);

  it('its row unfolds to its processes, with pid, CPU and memory', async () => {
    const { pid, processId } = await start(FAMILY);
    await writes(processId, 'ready');
    await rowWith('sleep 1051 & (trap', 'since');
    await driver.pressRow('sleep 1051 & (trap');
    await driver.pressKey('ArrowRight');
    const child = await rowWith('sleep 1052', '% CPU', 'iB');
    assert.equal(child.level, 3);
    await rowWith(String(pid), '% CPU');
    await driver.screenshot('unfolded');
    const members = async (): Promise<number> =>
      (await driver.treeRows('Processes')).filter(({ level }) => level === 3).length;
    await eventually(async () => (await members()) === 3, 'all three');
    await run('process.kill', processId);
    await eventually(async () => (await members()) === 0, 'they are gone');
  });

  it('a process below it is called by its program, not by the folder of that', async () => {
    await start('/bin/sleep 1056 & wait');
    await rowWith('/bin/sleep 1056 & wait', 'since');
    await driver.pressRow('/bin/sleep 1056 & wait');
    await driver.pressKey('ArrowRight');
    const child = await eventually(async () => {
      const texts = (await driver.treeRows('Processes')).map(({ text }) => text);
      return texts.flatMap((text) => /^sleep 1056 ?(\d+)/.exec(text)?.[1] ?? [])[0];
    }, 'the child');
    assert.equal(await driver.rowTooltip(child), '/bin/sleep 1056');
  });

  it('a kill tells how many are left, and then what it has come to', async () => {
    const { processId } = await start(FAMILY);
    await writes(processId, 'ready');
    await run('process.open', processId);
    await shows(/ready/);
    void run('process.kill', processId);
    await rowWith('stopping · 3 asked, 1 left');
    await shows(/\[killed by you after .*: 3 ended, 1 by force — press any key/);
    // Among the finished ones it stays where it is.
    await rowWith('Finished (');
    await rowWith('killed · ', '1051');
    await eventually(
      async () => (await driver.rowTooltip('1051')).includes('you · 3 ended, 1 by force'),
      'the tooltip',
    );
  });

  it('a signal is called by its name', async () => {
    const { processId } = await start('echo up; kill -SEGV $$');
    await rowWith('Finished (');
    await rowWith('SIGSEGV · echo up');
    await run('process.open', processId);
    await shows(/\[ended by SIGSEGV after /);
    assert.match(await driver.rowTooltip('SIGSEGV'), /Ended .* after .* SIGSEGV/);
  });

  it('a tooltip tells what it uses, where it listens, and the names of its variables only', async () => {
    const { processId } = await api.start({
      argv: node(SERVER).argv,
      env: { ...node(SERVER).env, MY_KEY: 'hunter2' },
      clientName: 'Tester',
    });
    await writes(processId, 'port ');
    const port = /port (\d+)/.exec(await output(processId))?.[1] ?? '';
    await rowWith('require', 'since');
    const tooltip = await eventually(async () => {
      const text = await driver.rowTooltip('require');
      return text.includes('Listens on') && text;
    }, 'the tooltip');
    assert.match(tooltip, new RegExp(`Listens on ${port}`));
    assert.match(tooltip, /Uses \d+ % CPU · [\d.]+ MiB/);
    assert.match(tooltip, /Variables \d+: .*MY_KEY/);
    assert.ok(!tooltip.includes('hunter2'));
  });

  it('Run Again runs the same, as the person’s', async () => {
    const { processId } = await start('echo "mark $((40 + 2))"; test -n "$PATH" || exit 3');
    await eventually(async () => (await stateOf(processId)) === 'exited', 'the end');
    await rowWith('echo "mark', 'exit 0');
    await clickAction('echo "mark', 'Run Again');
    const again = await eventually(
      async () => (await api.list()).find(({ client }) => client.name === 'You'),
      'the second run',
    );
    await writes(again.processId, 'mark 42');
    await shows(/mark 42/);
  });

  it('Run Again of what runs keeps its environment', async () => {
    const { processId } = await api.start({
      command: 'echo "mark $MARK"; sleep 1054',
      env: { MARK: 'blue' },
    });
    await writes(processId, 'mark blue');
    await run('process.rerun', processId);
    const again = await eventually(
      async () => (await api.list()).find(({ client }) => client.name === 'You'),
      'the second run',
    );
    await writes(again.processId, 'mark blue');
  });

  it('Send Signal sends to the one that is chosen', async () => {
    const { processId, pid } = await start('trap "echo caught" USR1; echo up; while :; do sleep 0.1; done');
    await writes(processId, 'up');
    void run('process.sendSignal', processId);
    await eventually(async () => (await driver.quickPickRows()).length > 5, 'the signals');
    await driver.quickPick('SIGUSR1');
    await eventually(
      async () => (await driver.quickPickRows()).some((row) => row.includes('All of them')),
      'who',
    );
    await driver.screenshot('send-signal');
    await driver.quickPick(
      (await driver.quickPickRows()).find((row) => row.includes(String(pid)))?.slice(0, 20) ?? '',
    );
    await writes(processId, 'caught');
  });

  it('Copy Process ID copies it', async () => {
    const { processId, pid } = await start('sleep 1053');
    await run('process.copyPid', processId);
    assert.equal(await vscode.env.clipboard.readText(), String(pid));
  });

  it('Run in Terminal runs it in a terminal of the editor’s own', async () => {
    const { processId } = await start('echo "from $((40 + 2))"');
    await run('process.runInTerminal', processId);
    await shows(/from 42/);
  });

  it('Open Folder shows where it runs among the files', async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const cwd = vscode.Uri.joinPath(folder.uri, 'where-it-runs');
    await vscode.workspace.fs.createDirectory(cwd);
    const { processId } = await api.start({ command: 'sleep 1055', cwd: cwd.fsPath, clientName: 'Tester' });
    await run('process.openFolder', processId);
    await eventually(
      async () => (await driver.selectedRows()).some((text) => text.includes('where-it-runs')),
      'it is selected in the explorer',
    );
    await vscode.workspace.fs.delete(cwd, { recursive: true });
  });
});
