import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver } from '../host/driver';
import { api, cleanUp, exited, ready, rowWith, run, shows, stateOf } from './support';

describe('tabs of terminals', () => {
  before(ready);
  beforeEach(async function () {
    needsDriver(this);
    await driver.openView('Exec Server');
  });
  afterEach(cleanUp);

  const none = (): Promise<unknown> => eventually(() => vscode.window.terminals.length === 0, 'closed');

  const WAYS: [name: string, close: () => unknown][] = [
    ['the editor itself closes it', () => vscode.window.terminals[0]?.dispose()],
    ['a person closes its tab', () => vscode.commands.executeCommand('workbench.action.terminal.kill')],
    ['a person closes all', () => vscode.commands.executeCommand('workbench.action.terminal.killAll')],
    [
      'a person closes it as an editor',
      async () => {
        await vscode.commands.executeCommand('workbench.action.terminal.moveToEditor');
        await eventually(() => vscode.window.tabGroups.activeTabGroup.activeTab, 'the editor');
        await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      },
    ],
  ];
  const KEY: (typeof WAYS)[number] = [
    'a key closes it',
    async () => {
      // Keys so soon after the end are not meant for us.
      await new Promise((resolve) => setTimeout(resolve, 800));
      await driver.typeInTerminal('q', { enter: false });
    },
  ];

  for (const [name, close] of WAYS) {
    it(`when ${name} its process runs on, and a click on the row opens it again`, async () => {
      const { processId } = await api.start({ command: 'echo still; sleep 1000' });
      await rowWith('echo still');
      for (let round = 0; round < 2; round++) {
        await driver.clickRow('echo still');
        await shows(/still/);
        await close();
        await none();
      }
      assert.equal(await stateOf(processId), 'running');
      await run('process.open', processId);
      await shows(/still/);
    });
  }

  for (const [name, close] of [...WAYS, KEY]) {
    it(`after the end, when ${name}, a click on the row and Open Terminal open it again`, async () => {
      const { processId } = await api.start({ command: 'echo over' });
      await exited(processId);
      await rowWith('echo over', 'exit 0');
      await driver.clickRow('echo over');
      await shows(/over[^]*press any key/);
      await close();
      await none();
      await driver.clickRow('echo over');
      await shows(/over[^]*press any key/);
      await close();
      await none();
      await run('process.open', processId);
      await shows(/over[^]*press any key/);
    });
  }

  it('a tab does not say that what has ended runs', async () => {
    const { processId } = await api.start({ command: 'echo up; read x; exit 3', pipeStdin: true });
    await run('process.open', processId);
    await shows(/up/);
    const icons = (): (string | undefined)[] =>
      vscode.window.terminals.map(({ creationOptions }) =>
        'pty' in creationOptions ? (creationOptions.iconPath as vscode.ThemeIcon).id : undefined,
      );
    assert.deepEqual(icons(), ['terminal'], 'nothing that could become untrue');
    await api.write({ processId, data: '\n' });
    await eventually(
      () => vscode.window.terminals[0]?.name === '✗ 3 echo up; read x; exit 3',
      'its end is in its name',
    );
    vscode.window.terminals[0]?.dispose();
    await none();
    await run('process.open', processId);
    await eventually(() => vscode.window.terminals[0]?.name.startsWith('✗ 3'), 'the name of one opened late');
    assert.deepEqual(icons(), ['error']);
  });

  /** Ours: the editor opens a shell of its own now and then when its panel is empty. */
  const tabs = (): string[] =>
    vscode.window.terminals
      .filter(({ creationOptions }) => 'pty' in creationOptions)
      .map(({ name }) => name)
      .sort();

  it('tabs of rows that are looked at do not pile up; a double click or a key in one keeps it', async () => {
    const names = ['one', 'two', 'six', 'ten'];
    for (const name of names) await api.start({ command: `echo ${name}; sleep 1000` });
    for (const name of names) await rowWith(`echo ${name}`);
    for (const name of ['one', 'two']) {
      await driver.pressRow(`echo ${name}`);
      await shows(new RegExp(`^${name}$`, 'm'));
    }
    await eventually(() => tabs().join() === 'echo two; sleep 1000', 'one tab');
    await driver.doubleClickRow('echo six');
    await shows(/^six$/m);
    await driver.pressRow('echo ten');
    await shows(/^ten$/m);
    await eventually(
      () => tabs().join() === 'echo six; sleep 1000,echo ten; sleep 1000',
      'the kept one and one',
    );
    await driver.typeInTerminal('x', { enter: false });
    await driver.pressRow('echo one');
    await shows(/^one$/m);
    await eventually(() => tabs().length === 3, 'what was typed into is kept');
  });
});
