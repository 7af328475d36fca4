import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver } from '../host/driver';
import { cleanUp, ready, run } from './support';

const VARIABLES = ['CLAUDE_CONFIG_DIR', 'CODEX_HOME', 'XDG_CONFIG_HOME', 'PATH'] as const;

describe('connecting agents', () => {
  const before = Object.fromEntries(VARIABLES.map((name) => [name, process.env[name]]));
  let home = '';

  beforeEach(async function () {
    needsDriver(this);
    await ready();
    home = mkdtempSync(join(tmpdir(), 'agents-'));
    for (const name of VARIABLES.slice(0, 3)) process.env[name] = join(home, name);
    process.env['PATH'] = `${home}:${before['PATH']}`;
    // Stand-ins that say what they are given: no agent works here.
    for (const name of ['claude', 'codex', 'opencode', 'gemini']) {
      const told = 'CLAUDE_CODE_SHELL_PREFIX CODEX_EXEC_SERVER_URL SHELL PATH';
      const script = `#!/bin/sh\nfor v in ${told}; do eval "echo $v=\\$$v"; done > ${home}/${name}.told\n`;
      writeFileSync(join(home, name), script);
      chmodSync(join(home, name), 0o700);
    }
    await vscode.commands.executeCommand('notifications.clearAll');
  });
  afterEach(async () => {
    Object.assign(process.env, before);
    await vscode.workspace
      .getConfiguration('terminal.integrated')
      .update('env.linux', undefined, vscode.ConfigurationTarget.Global);
    for (const name of VARIABLES) if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(home, { recursive: true, force: true });
    await cleanUp();
  });

  const told = async (words: RegExp): Promise<void> => {
    await eventually(
      async () => (await driver.notifications()).some((text) => words.test(text)),
      String(words),
    );
  };
  /** Chooses what is asked one after the other. */
  const choose = async (...rows: string[]): Promise<void> => {
    const asked = run('connectAgents');
    for (const row of rows) {
      await eventually(async () => (await driver.quickPickRows()).some((text) => text.includes(row)), row);
      await driver.quickPick(row);
    }
    await asked;
  };

  it('shows what is written, writes it on a yes, proves it by a test command, and undoes it', async () => {
    const file = join(home, 'CLAUDE_CONFIG_DIR', 'settings.json');
    mkdirSync(dirname(file));
    writeFileSync(file, '{\n  "model": "x" // mine\n}\n');
    const asked = run('connectAgents');
    await eventually(
      async () => (await driver.quickPickRows()).some((row) => row.includes('Claude Code')),
      'rows',
    );
    await driver.quickPick('Claude Code');
    const tab = await eventually(
      () =>
        vscode.window.tabGroups.all
          .flatMap(({ tabs }) => tabs)
          .find(({ label }) => label === 'What is written'),
      'the difference',
    );
    assert.ok(tab.input instanceof vscode.TabInputTextDiff);
    const after = await vscode.workspace.openTextDocument(tab.input.modified);
    assert.match(after.getText(), /CLAUDE_CODE_SHELL_PREFIX/);
    assert.doesNotMatch(readFileSync(file, 'utf8'), /CLAUDE_CODE/);
    await eventually(
      async () => (await driver.quickPickRows()).some((row) => row.includes('Connect Claude Code')),
      'the question',
    );
    await driver.quickPick('Connect Claude Code');
    await asked;
    assert.equal(readFileSync(file, 'utf8'), after.getText());
    assert.match(after.getText(), /\/\/ mine/);
    await told(/Claude Code is connected.*test has arrived/);
    await choose('Claude Code', 'Disconnect Claude Code');
    assert.equal(readFileSync(file, 'utf8'), '{\n  "model": "x" // mine\n}\n');
  });

  it('proves the wire of Codex and the tools of any client too, and changes nothing on a no', async () => {
    const file = join(home, 'CODEX_HOME', 'environments.toml');
    const asked = run('connectAgents');
    await eventually(async () => (await driver.quickPickRows()).some((row) => row.includes('Codex')), 'rows');
    await driver.quickPick('Codex');
    await eventually(
      async () => (await driver.quickPickRows()).some((row) => row.includes('Change nothing')),
      'the question',
    );
    await driver.pressKey('Escape');
    await asked;
    assert.equal(existsSync(file), false);
    await choose('Codex', 'Connect Codex');
    await told(/Codex is connected.*test has arrived/);
    await choose('Any MCP Client');
    const copied = JSON.parse(await vscode.env.clipboard.readText()) as {
      mcpServers: Record<string, { command: string; args: string[] }>;
    };
    const entry = copied.mcpServers['exec-server'];
    assert.ok(entry && existsSync(entry.command));
    assert.deepEqual(entry.args, ['mcp']);
    assert.doesNotMatch(JSON.stringify(copied), /token|ws:|http:/);
  });

  it('tells, once, when an agent was updated since it was connected, and tests it again', async () => {
    const install = (version: string): void => {
      // Stand-ins are scripts, of which npm would put a package here.
      writeFileSync(join(home, 'package.json'), JSON.stringify({ version, bin: { opencode: 'opencode' } }));
    };
    install('1.0.0');
    await choose('opencode', 'Connect opencode');
    await told(/opencode is connected.*test has arrived/);
    await vscode.commands.executeCommand('notifications.clearAll');
    install('1.1.0');
    await vscode.commands.executeCommand('workbench.view.explorer');
    await driver.openView('Exec Server');
    await told(/opencode was updated since it was connected: 1\.1\.0, before 1\.0\.0/);
    await vscode.commands.executeCommand('notifications.clearAll');
    await choose('updated since it was connected: 1.1.0, before 1.0.0', 'Test Connection');
    await told(/opencode is connected.*test has arrived/);
    await vscode.commands.executeCommand('notifications.clearAll');
    await run('lookAtAgents');
    assert.ok(!(await driver.notifications()).some((text) => text.includes('was updated')));
    await choose('opencode', 'Disconnect opencode');
  });

  it('tells when a file does not connect any more, and how it does again', async () => {
    const file = join(home, 'XDG_CONFIG_HOME', 'opencode', 'opencode.json');
    await choose('opencode', 'Connect opencode');
    await told(/opencode is connected.*test has arrived/);
    writeFileSync(file, '{}');
    await run('lookAtAgents');
    await told(/opencode is not connected any more/);
    await choose('not connected any more: its file was changed', 'Change nothing');
  });

  for (const [command, name, wanted] of [
    ['startClaude', 'claude', /^CLAUDE_CODE_SHELL_PREFIX=\/.*\/exec-server-shell$/m],
    ['startCodex', 'codex', /^CODEX_EXEC_SERVER_URL=ws:\/\/127\.0\.0\.1:\d+\/.+$/m],
    ['startOpencode', 'opencode', /^SHELL=\/.*\/lookalike\/bash$/m],
    ['startGemini', 'gemini', /^PATH=.*\/lookalike(?::|$)/m],
  ] as const) {
    it(`starts ${name} in a terminal that is connected, without a word of it there`, async () => {
      const terminals = vscode.workspace.getConfiguration('terminal.integrated');
      const env = { PATH: process.env['PATH'] };
      await terminals.update('env.linux', env, vscode.ConfigurationTarget.Global);
      await run(command);
      const file = join(home, `${name}.told`);
      await eventually(
        () => existsSync(file) && wanted.test(readFileSync(file, 'utf8')),
        `what ${name} is told`,
      );
      assert.doesNotMatch(await driver.terminalText(), /ws:|exec-server-shell/);
    });
  }

  it('sets variables in new terminals when a person has said so, and not before', async () => {
    const look = async (): Promise<string> => {
      const file = join(home, 'variables');
      rmSync(file, { force: true });
      const terminal = vscode.window.createTerminal({ name: 'plain', cwd: home });
      terminal.sendText(`echo "$CLAUDE_CODE_SHELL_PREFIX|$CODEX_EXEC_SERVER_URL|" > ${file}`);
      return eventually(() => existsSync(file) && readFileSync(file, 'utf8').trim(), 'the variables');
    };
    assert.equal(await look(), '||');
    const set = (value: boolean | undefined): Thenable<void> =>
      vscode.workspace
        .getConfiguration('execServer')
        .update('terminalVariables', value, vscode.ConfigurationTarget.Global);
    await set(true);
    try {
      await eventually(async () => /exec-server-shell\|ws:.*\|/.test(await look()), 'the variables');
    } finally {
      await set(undefined);
    }
  });
});
