/** The editor's own client of the Model Context Protocol, and the server that our provider tells it of. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver, skip } from '../host/driver';
import { agreed, invokeTool } from './invokeTool';
import { api, cleanUp, ready, rowWith, run } from './support';

/** What the editor calls a tool of a server that calls itself `exec-server`. */
const PREFIX = 'mcp_exec_server_';

const ours = (): string[] =>
  vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith(PREFIX));

describe('the server that the editor’s own client is told of', () => {
  const features = (isOff: boolean | undefined): Thenable<void> =>
    vscode.workspace
      .getConfiguration('chat')
      .update('disableAIFeatures', isOff, vscode.ConfigurationTarget.Global);
  /** As the button of the list does. */
  const startServer = (): Thenable<unknown> =>
    vscode.commands.executeCommand('workbench.mcp.startServer', '*', {
      waitForLiveTools: true,
      autoTrustChanges: true,
    });

  before(ready);
  beforeEach(async function () {
    needsDriver(this);
    const commands = await vscode.commands.getCommands();
    if (!commands.includes('workbench.mcp.startServer')) skip(this, 'this editor has no client of its own');
    await features(false);
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.mcp.stopServer', '*');
    await features(true);
    await cleanUp();
  });

  it('is listed and started by the editor, which needs no address, and its calls are rows', async () => {
    await startServer();
    await eventually(() => ours().length === 9, 'all its tools');
    await driver.runCommand('MCP: List Servers');
    await eventually(
      async () => (await driver.quickPickRows()).some((row) => /Exec Server\s*Running/.test(row)),
      'it is listed as running',
    );
    await driver.pressKey('Escape');
    await agreed(async () => {
      const answer = invokeTool(`${PREFIX}exec_command`, { cmd: 'echo by "the editor"; sleep 1; exit 3' });
      await driver.openView('Exec Server');
      await rowWith('echo by');
      assert.match(await answer, /exited with code 3[^]*\nby the editor\n/);
    });
    const [row] = await api.list();
    assert.match(row?.client.name ?? '', /code/i);
  });

  it('has the new token after Renew Token, and no address while the server is off', async () => {
    await startServer();
    await eventually(() => ours().length === 9, 'its tools');
    await run('newToken');
    await agreed(async () => {
      const answers = async (): Promise<boolean> =>
        (await invokeTool(`${PREFIX}list_environments`, {})).includes('this machine');
      await eventually(async () => {
        await startServer();
        return answers();
      }, 'an answer with the new token');
    });
    await run('stopServer');
    await eventually(() => ours().length === 0, 'no tools of a server that is off');
    await run('startServer');
    await startServer();
    await eventually(() => ours().length === 9, 'its tools, again');
  });
});
