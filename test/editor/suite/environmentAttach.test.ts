import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver } from '../host/driver';
import {
  asked,
  environments,
  forgetNotices,
  notified,
  place,
  setEnvironments,
  tooltipOf,
  VIEW,
  welcomed,
} from './environmentSupport';
import { RemoteServer } from './remoteServer';
import { cleanUp, ready, run } from './support';

const FAR = 'far-box';

describe('attaching an exec-server', () => {
  const far = new RemoteServer();

  before(async function () {
    needsDriver(this);
    await ready();
    await far.start();
    await driver.openView('Exec Server');
    await driver.openPane(VIEW);
  });
  afterEach(forgetNotices);
  after(async () => {
    await setEnvironments(undefined);
    await cleanUp();
    await far.dispose();
  });

  /** Answers the questions of Attach for the far one. */
  const attachFar = async (token: string): Promise<void> => {
    await driver.runCommand('Exec Server: Attach Exec Server');
    await driver.quickPick('An exec-server that listens');
    await asked('The URL of the exec-server');
    await driver.answer('http://nowhere');
    await asked('must begin with ws:// or wss://');
    await driver.answer(far.url);
    await asked('Token (leave empty if none)');
    await driver.answer(token);
    await asked('Name for this environment');
    await driver.answer('local');
    await asked('"local" is this machine');
    await driver.answer(FAR);
  };

  it('with this machine only, a way to attach another is shown', async () => {
    await welcomed();
  });

  it('attaching with a wrong token says so, and leaves nothing behind', async () => {
    await attachFar('wrong');
    await notified('refused the token', `"${FAR}"`);
    assert.deepEqual(environments(), []);
    await welcomed();
  });

  it('attaching a command that is no exec-server says so, with what it printed', async () => {
    await driver.runCommand('Exec Server: Attach Exec Server');
    await driver.quickPick('A program that speaks the protocol');
    await asked('Program and arguments');
    await driver.answer('/bin/sh -c "echo I am a banner >&2; exit 4');
    await asked('Unclosed quotation mark');
    await driver.answer('/bin/sh -c "echo I am no server >&2; exit 4"');
    await asked('Name for this environment');
    await driver.answer('shy');
    await notified('I am no server', '"shy"');
    assert.deepEqual(environments(), []);
  });

  it('attaching to what never answers can be given up', async () => {
    // It reads, so that it sees the end of the connection, and says nothing.
    const silent = net.createServer((socket) => void socket.resume().on('error', () => undefined));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    await driver.runCommand('Exec Server: Attach Exec Server');
    await driver.quickPick('An exec-server that listens');
    await asked('The URL of the exec-server');
    await driver.answer(`ws://127.0.0.1:${(silent.address() as net.AddressInfo).port}`);
    await asked('Token (leave empty if none)');
    await driver.answer('');
    await asked('Name for this environment');
    await driver.answer('mute');
    await notified('Connecting to mute');
    await driver.clickNotification('Cancel');
    await eventually(
      () => new Promise<boolean>((resolve) => silent.getConnections((_, count) => resolve(count === 0))),
      'the connection is given up',
    );
    await eventually(async () => !(await driver.notifications()).length, 'nothing more is said about it');
    assert.deepEqual(environments(), []);
    silent.close();
  });

  it('attaching with the right one shows it, and its token is in no file of the editor', async () => {
    await attachFar(far.token);
    assert.equal((await place(FAR, 'connected')).level, 1);
    await place('This machine');
    assert.deepEqual(environments(), [{ id: FAR, url: far.url }]);
    await run('environment.copyUrl', FAR);
    assert.equal(await vscode.env.clipboard.readText(), far.url);
    assert.ok(!(await tooltipOf(FAR)).includes(far.token));
    // Settings, logs and all else that the editor keeps is beside the temporary folder that it was given.
    const kept = path.join(tmpdir(), '..', 'd');
    const files = readdirSync(kept, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    assert.ok(
      files.some(({ name }) => name === 'Exec Server.log'),
      'the log',
    );
    for (const { parentPath, name } of files)
      assert.ok(!readFileSync(path.join(parentPath, name)).includes(far.token), name);
  });
});
