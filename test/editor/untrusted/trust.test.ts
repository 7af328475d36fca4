import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver } from '../host/driver';
import { api, ready } from '../suite/support';

const refused = /untrusted workspace/;

describe('an untrusted workspace', () => {
  it('the status bar and the view say why nothing runs', async function () {
    needsDriver(this);
    assert.equal(vscode.workspace.isTrusted, false, 'the window is restricted');
    await driver.openView('Exec Server');
    await eventually(
      async () => (await driver.statusBarText()).some((text) => text.includes('not trusted')),
      'the status bar says so',
    );
    const view = await eventually(async () => {
      const text = await driver.viewText();
      return text.includes('Manage Workspace Trust') && text;
    }, 'the way out in the view');
    assert.match(view, /not trusted, so the server stays off and no commands are run/);
    await driver.screenshot('untrusted');
  });

  it('commands for other extensions run nothing, and say why', async () => {
    await assert.rejects(api.connection(), refused);
    await assert.rejects(api.start({ argv: ['/bin/true'] }), refused);
    await assert.rejects(api.list(), refused);
  });

  it('tools for models run nothing, and say why', async () => {
    const answer = await vscode.commands.executeCommand<{ text: string; isError: boolean }>(
      'execServer.tools.exec_command',
      { cmd: 'true' },
    );
    assert.equal(answer.isError, true);
    assert.match(answer.text, refused);
    const { content } = await vscode.lm.invokeTool('execServer_list_processes', {
      input: {},
      toolInvocationToken: undefined,
    });
    assert.match((content[0] as vscode.LanguageModelTextPart).value, refused);
  });

  it('other machines are not connected to, nor programs started for them', async function () {
    needsDriver(this);
    await vscode.workspace
      .getConfiguration('execServer')
      .update('environments', [{ id: 'box', url: 'ws://127.0.0.1:1' }], vscode.ConfigurationTarget.Global);
    await assert.rejects(api.start({ argv: ['/bin/true'], environment: 'box' }), refused);
    await driver.openPane('Environments');
    await eventually(
      async () => (await driver.viewText('Environments')).includes('Manage Workspace Trust'),
      'the reason in its place',
    );
    assert.deepEqual(await driver.treeRows('Environments'), []);
  });

  it('Start Server starts nothing', async () => {
    // It explains itself in a notice, which may wait for a person.
    const started = vscode.commands.executeCommand('execServer.startServer');
    await Promise.race([started, new Promise((resolve) => setTimeout(resolve, 1000))]);
    await assert.rejects(api.connection(), refused);
  });

  it('once a person trusts the folder, the server starts by itself', async function () {
    needsDriver(this);
    await driver.runCommand('Workspaces: Manage Workspace Trust');
    await driver.clickButton('Trust');
    await eventually(() => vscode.workspace.isTrusted, 'the folder is trusted');
    await ready();
    // The page with the button covers the view.
    await driver.pressKey('Escape');
    await eventually(
      async () => (await driver.treeRows('Environments')).some(({ label }) => label === 'box, not connected'),
      'the other machine is there',
    );
    const { processId } = await api.start({ argv: ['/bin/echo', 'trusted'] });
    const { chunks } = await api.read({ processId, waitMs: 5000 });
    assert.equal(chunks[0]?.text, 'trusted\n');
  });
});
