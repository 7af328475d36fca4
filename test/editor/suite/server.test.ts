import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import net from 'node:net';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver, skip } from '../host/driver';
import { api, cleanUp, clickAction, ready, rowWith, run, stateOf, withSetting } from './support';
import { WireClient } from './wireClient';

const statusShows = (pattern: RegExp): Promise<true> =>
  eventually(
    async () => (await driver.statusBarText()).some((text) => pattern.test(text)) || undefined,
    String(pattern),
  );

const notified = (part: string): Promise<true> =>
  eventually(
    async () => (await driver.notifications()).some((text) => text.includes(part)) || undefined,
    `a notice with ${part}`,
  );

describe('the server in the editor', () => {
  let client: WireClient | undefined;
  before(ready);
  afterEach(async () => {
    client?.close();
    client = undefined;
    await run('startServer');
    await cleanUp();
  });

  it('an agent over the URL is a parent row, and its command a row below', async function () {
    needsDriver(this);
    await driver.openView('Exec Server');
    client = await WireClient.connect((await api.connection()).url);
    const parent = await rowWith('Codex', 'connected');
    assert.equal(parent.level, 1);
    await client.start('1', 'echo hello from an agent; sleep 1000');
    const child = await rowWith('echo hello from', 'running');
    assert.equal(child.level, 2);
    assert.ok(!child.text.includes('bash'), child.text);
    await driver.screenshot('agent');
    client.close();
    await rowWith('Codex', 'gone, its commands end at');
  });

  it('what a person types into an agent’s command reaches it, and the agent sees the output', async function () {
    needsDriver(this);
    await driver.openView('Exec Server');
    client = await WireClient.connect((await api.connection()).url);
    await client.start('1', 'read -p "name? " n; echo "hello $n"', { tty: true });
    await rowWith('read -p', 'needs you: name?');
    await clickAction('read -p', 'Open Terminal');
    await eventually(async () => /name\?/.test(await driver.terminalText()), 'the prompt');
    await driver.typeInTerminal('World');
    const seen = (): string =>
      (client?.notifications ?? [])
        .filter(({ method }) => method === 'process/output')
        .map(({ params }) => Buffer.from(String(params['chunk']), 'base64').toString())
        .join('');
    await eventually(() => seen().includes('hello World'), 'the agent sees it');
  });

  it('Renew Token asks where commands run, disconnects everyone and voids the URL', async () => {
    const old = await api.connection();
    client = await WireClient.connect(old.url);
    await client.start('1', 'sleep 1000');
    const processId = (await api.list())[0]?.processId ?? '';
    // A workbench under test answers every modal dialog by refusing it.
    for (const what of ['newToken', 'stopServer', 'restartServer'])
      await Promise.resolve(run(what)).catch(() => undefined);
    assert.equal(await stateOf(processId), 'running');
    assert.equal((await api.connection()).token, old.token);
    await api.terminate({ processId, force: true });
    await run('newToken');
    await client.closed;
    const fresh = await api.connection();
    assert.notEqual(fresh.token, old.token);
    assert.equal(fresh.baseUrl, old.baseUrl);
    await assert.rejects(WireClient.connect(old.url), /401/);
    client = await WireClient.connect(fresh.url);
  });

  it('Stop and Start: the status bar says so, and the old address is dead', async function () {
    needsDriver(this);
    const old = await api.connection();
    await statusShows(/^Exec Server$/);
    await run('stopServer');
    await statusShows(/off/);
    await eventually(
      async () => (await driver.viewText()).includes('Start Server'),
      'the welcome of a server that is off',
    );
    await assert.rejects(WireClient.connect(old.url));
    await assert.rejects(api.connection(), /not running/);
    await run('startServer');
    await statusShows(/^Exec Server$/);
    client = await WireClient.connect((await api.connection()).url);
  });

  it('the status bar has a name, and its menu copies a line that connects', async function () {
    needsDriver(this);
    await statusShows(/^Exec Server$/);
    await driver.clickStatusBar('Exec Server');
    const entries = (await driver.quickPickRows()).join('\n');
    for (const entry of [
      'Copy URL',
      'Copy environments.toml',
      'Renew Token',
      'Stop Server',
      'Show Processes',
      'Show Log',
    ]) {
      assert.ok(entries.includes(entry), entry);
    }
    await driver.screenshot('menu');
    await driver.quickPick('Copy Codex Command Line');
    const line = await eventually(async () => {
      const text = await vscode.env.clipboard.readText();
      return text.includes('CODEX_EXEC_SERVER_URL') && text;
    }, 'the line');
    const url = /^ CODEX_EXEC_SERVER_URL='([^']+)' NO_PROXY='127\.0\.0\.1,localhost[^']*' codex$/.exec(
      line,
    )?.[1];
    client = await WireClient.connect(url ?? '');
    await notified('Treat it like a password');
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('the port is a live setting; one in use is said, and the way out works', async function () {
    needsDriver(this);
    const blocker = net.createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as net.AddressInfo;
    await withSetting('port', port, async () => {
      await statusShows(/failed/);
      await notified(`${port}`);
      await new Promise((resolve) => blocker.close(resolve));
    });
    await vscode.commands.executeCommand('notifications.clearAll');
    await eventually(() => api.connection(), 'open again on another port');
    await withSetting('port', port, async () => {
      await eventually(
        async () => (await api.connection()).baseUrl.endsWith(`:${port}`),
        'the port of the setting',
      );
    });
    await eventually(async () => !(await api.connection()).baseUrl.endsWith(`:${port}`), 'any port');
  });

  it('maxProcesses is a live setting', async () => {
    await withSetting('maxProcesses', 1, async () => {
      await api.start({ command: 'sleep 1000' });
      await assert.rejects(api.start({ command: 'true' }), /1 processes are running|limit/);
    });
    await api.start({ command: 'true' });
  });

  it('retainedBytesPerProcess and spilledBytesPerProcess are live settings', async () => {
    const dropped = async (): Promise<number> => {
      const { processId } = await api.start({ command: 'head -c 300000 /dev/zero' });
      const read = await eventually(async () => {
        const result = await api.read({ processId, afterSeq: Number.MAX_SAFE_INTEGER });
        return result.closed && api.read({ processId });
      }, 'closed');
      return read.droppedBytes;
    };
    await withSetting('retainedBytesPerProcess', 65_536, async () => {
      assert.equal(await dropped(), 0);
      await withSetting('spilledBytesPerProcess', 0, async () => {
        const bytes = await dropped();
        assert.ok(bytes >= 300_000 - 65_536 - 65_536, String(bytes));
      });
    });
  });

  it('the connection file is for its owner only', async function () {
    const file = process.env['EXEC_SERVER_CONNECTION_FILE'];
    if (!file || process.platform === 'win32') skip(this, 'no connection file in this run');
    await eventually(() => existsSync(file), 'the file');
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });
});
