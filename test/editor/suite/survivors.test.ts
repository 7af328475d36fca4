import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver } from '../host/driver';
import { forgetNotices, notified, place, setEnvironments, VIEW } from './environmentSupport';
import { cliCommand } from './remoteServer';
import { api, cleanUp, clickAction, ready, rowWith, run, stateOf } from './support';

const FAR = 'stubborn-box';
const NOTICE = 'Could not stop stubborn --daemon (stubborn-box) (4000001)';

describe('what outlives a kill', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'survivors-'));
  const flag = path.join(folder, 'stays');

  before(async function () {
    needsDriver(this);
    await ready();
    await driver.openView('Exec Server');
    await driver.openPane(VIEW);
    // On this machine nothing would: its own server adds one to each command.
    const { program, args, env } = cliCommand();
    const root = vscode.extensions.getExtension('exec-server.vscode-exec-server')?.extensionPath ?? '';
    const script = path.join(root, 'test', 'fixtures', 'stubborn.mjs');
    await setEnvironments([{ id: FAR, program, args: [script, ...args, flag], env }]);
    await place(FAR, 'not connected');
  });
  after(async () => {
    await setEnvironments(undefined);
    await cleanUp();
    await forgetNotices();
    rmSync(folder, { recursive: true });
  });

  it('is named by a notice, row and tooltip; Kill It Too asks it once more, from both, until nothing is left', async () => {
    writeFileSync(flag, '');
    const { processId } = await api.start({
      command: 'sleep 1081',
      environment: FAR,
      clientName: 'Tester',
    });
    await rowWith('sleep 1081', 'since');
    void run('process.kill', processId);
    await eventually(async () => (await stateOf(processId)) === 'killed', 'killed');
    // It stays on top: it wants to be ended.
    const row = await rowWith('killed · 1 survived · sleep 1081');
    assert.equal(row.level, 2);
    await notified(NOTICE, 'It may belong to another user');
    assert.match(await driver.rowTooltip('sleep 1081'), /Still runs stubborn --daemon/);
    await driver.screenshot('survived');

    const notices = async (): Promise<number> =>
      (await driver.notifications()).filter((text) => text.includes('Could not stop')).length;
    await driver.clickNotification('Kill It Too');
    // The first one is answered by the click; another one comes for what has survived again.
    await eventually(async () => (await notices()) === 1, 'another notice');
    await rowWith('killed · 1 survived · sleep 1081');
    // It would be another process here.
    assert.ok(!(await driver.notifications()).join().includes('Copy sudo Command'));

    rmSync(flag);
    await forgetNotices();
    await clickAction('sleep 1081', 'Kill It Too');
    await eventually(
      async () => (await driver.statusBarText()).some((text) => text.includes('Nothing of it is left')),
      'it says so',
    );
    await rowWith('Finished (1)');
    const ended = await rowWith('killed · sleep 1081');
    assert.ok(!ended.text.includes('survived'), ended.text);
    assert.ok(
      !(await driver.inlineActions('sleep 1081')).includes('Kill It Too'),
      'nothing to kill any more',
    );
  });
});
