import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { tmpdir } from 'node:os';
import * as vscode from 'vscode';
import type { SshHost } from '../../clients/sshHost';
import { driver, eventually, needsDriver } from '../host/driver';
import {
  asked,
  environments,
  forgetNotices,
  machine,
  notified,
  place,
  row,
  setEnvironments,
  setting,
  VIEW,
  welcomed,
} from './environmentSupport';
import { api, cleanUp, output, run } from './support';

const BOX = 'keyed';
const SECRET = 'open sesame';

/** Programs of this machine whose command line has it. */
const running = (part: string): string[] =>
  execFileSync('/bin/ps', ['-eo', 'pid=,args=', '-ww'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(part) && / (?:\S*\/)?ssh /.test(line));

describe('ssh that asks, in the editor', () => {
  let host: SshHost | undefined;
  let words: string[] = [];
  let key = '';

  before(async function () {
    needsDriver(this);
    host = await machine(this);
    key = host.file('user');
    execFileSync('/usr/bin/ssh-keygen', ['-q', '-p', '-P', '', '-N', SECRET, '-f', key]);
    words = host.command().map((word) => word.replace(/^BatchMode=yes$/, 'BatchMode=no'));
    await driver.openView('Exec Server');
    await driver.openPane(VIEW);
  });
  afterEach(forgetNotices);
  after(async () => {
    await setEnvironments(undefined);
    for (const name of ['reconnectSeconds', 'reconnectMinutes']) await setting(name, undefined);
    await cleanUp();
    await host?.dispose();
  });

  const attach = async (line: readonly string[]): Promise<void> => {
    await driver.runCommand('Exec Server: Attach a Machine');
    await driver.quickPick('Other command');
    await asked('that run a command there');
    await driver.answer(line.join(' '));
    await driver.quickPick('Send and attach');
  };
  const noQuestion = (): Promise<true> =>
    eventually(async () => (await driver.question()) === '' || undefined, 'no question any more');
  const lose = async (): Promise<void> => {
    const [line = ''] = running(key);
    process.kill(Number.parseInt(line, 10), 'SIGKILL');
    await place(BOX, 'lost');
  };
  const logged = (): string => {
    const folder = path.join(tmpdir(), '..', 'd');
    const found = execFileSync('/usr/bin/find', [folder, '-name', 'Exec Server.log'], { encoding: 'utf8' });
    return found
      .split('\n')
      .filter(Boolean)
      .map((file) => readFileSync(file, 'utf8'))
      .join('');
  };

  it('an unknown host that is not to be trusted is not connected to', async () => {
    await attach(words.map((word) => word.replace(/known_hosts$/, 'none_known')));
    await eventually(
      async () => (await driver.quickPickRows()).join().includes('Do not connect') || undefined,
      'the question of ssh',
    );
    await driver.quickPick('Do not connect');
    await notified('Host key verification failed');
    assert.deepEqual(environments(), []);
    await welcomed();
  });

  it('Cancel while it asks takes the question away, and leaves nothing', async () => {
    await attach(words);
    await asked('Enter passphrase for key');
    // Not by the palette, which would take the question away itself.
    await vscode.commands.executeCommand('notifications.showList');
    await notified('Connecting to', 'ssh waits for an answer');
    await driver.clickNotification('Cancel');
    await noQuestion();
    await eventually(() => running(key).length === 0, 'the end of ssh');
    assert.deepEqual(environments(), []);
    await welcomed();
  });

  it('a passphrase is asked for; it is in no setting and no log', async () => {
    await setting('reconnectMinutes', 0);
    await setting('reconnectSeconds', 1);
    await setEnvironments([{ id: BOX, program: 'exec-server', args: ['attach', '--', ...words] }]);
    await place(BOX, 'not connected');
    void run('environment.connect', BOX);
    await asked(`${BOX}: ssh asks`);
    await asked('Enter passphrase for key');
    await driver.answer(SECRET);
    await place(BOX, 'connected');
    const { processId } = await api.start({ command: 'echo here; exec sleep 1006', environment: BOX });
    await eventually(async () => (await output(processId)).includes('here'), 'its answer');
    assert.ok(!JSON.stringify(environments()).includes(SECRET));
    assert.ok(logged().includes('exec-server runs from'), 'the log has the story');
    assert.ok(!logged().includes(SECRET));
  });

  it('0 minutes: a lost one stays lost, and its rows say so', async () => {
    const before = logged().length;
    await lose();
    await row('sleep 1006', 'lost');
    const away = await row(`${BOX} · lost`);
    assert.ok(away, 'the client’s row');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await place(BOX, 'lost');
    assert.equal(await driver.question(), '');
    assert.ok(!logged().slice(before).includes('connecting again by itself'));
  });

  it('whoever goes away from the question is not asked again', async () => {
    void run('environment.connect', BOX);
    await asked('Enter passphrase for key');
    await driver.answer(SECRET);
    await place(BOX, 'connected');
    await setting('reconnectMinutes', 10);
    await lose();
    await asked('Enter passphrase for key');
    assert.ok(logged().includes('connecting again by itself'));
    await driver.pressKey('Escape');
    await noQuestion();
    await place(BOX, 'not connected');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await place(BOX, 'not connected');
    assert.equal(await driver.question(), '');
  });
});
