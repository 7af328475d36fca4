import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually, skip } from '../host/driver';
import { api, cleanUp, output, ready, withSetting, type Listed } from './support';

/** A terminal as an agent opens one, once its shell tells of commands; undefined where no shell does. */
async function terminalOf(name: string): Promise<vscode.Terminal | undefined> {
  const terminal = vscode.window.createTerminal({ name, shellPath: '/bin/bash', hideFromUser: true });
  const integrated = await eventually(() => terminal.shellIntegration, 'shell integration').catch(
    () => undefined,
  );
  return integrated && terminal;
}

const rows = async (name: string): Promise<Listed[]> =>
  (await api.list()).filter(({ client }) => client.name === name);

describe('terminals that are watched', () => {
  before(ready);
  afterEach(cleanUp);

  it('nothing is watched unless a person says so', async function () {
    const terminal = await terminalOf('Copilot');
    if (!terminal) return skip(this, 'no shell integration here');
    const ended = new Promise((done) => vscode.window.onDidEndTerminalShellExecution(done));
    terminal.shellIntegration?.executeCommand('true');
    await ended;
    assert.deepEqual(await rows('Copilot'), []);
  });

  it('a command of an agent’s terminal is a row with its output and exit code, said to be watched', async function () {
    const terminal = await terminalOf('Copilot');
    if (!terminal) return skip(this, 'no shell integration here');
    await withSetting('watchTerminals', 'agents', async () => {
      // The editor itself may miss what a command writes in its first moment.
      terminal.shellIntegration?.executeCommand('sleep 1; echo "wat""ched"; (exit 4)');
      const row = await eventually(async () => {
        const [first] = await rows('Copilot');
        return first?.exitCode === null ? undefined : first;
      }, 'the row, ended');
      assert.equal(row.exitCode, 4);
      await eventually(async () => (await output(row.processId)).includes('watched'), 'its output');
      assert.equal((await api.write({ processId: row.processId, data: 'x' })).status, 'stdinClosed');
    });
  });

  it('Kill presses Ctrl+C, and a terminal that is closed ends its row', async function () {
    const terminal = await terminalOf('Cline');
    if (!terminal) return skip(this, 'no shell integration here');
    await withSetting('watchTerminals', 'agents', async () => {
      const running = (): Promise<Listed> =>
        eventually(async () => (await rows('Cline')).find(({ state }) => state === 'running'), 'it runs');
      terminal.shellIntegration?.executeCommand('sleep 600');
      const { processId } = await running();
      await api.terminate({ processId });
      await eventually(
        async () => (await rows('Cline')).every(({ state }) => state !== 'running'),
        'it was interrupted',
      );
      terminal.shellIntegration?.executeCommand('sleep 601');
      await running();
      terminal.dispose();
      await eventually(
        async () => (await rows('Cline')).every(({ state }) => state !== 'running'),
        'its row has ended',
      );
    });
  });
});
