import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { SshHost } from '../../clients/sshHost';
import { driver, eventually, needsDriver } from '../host/driver';
import {
  asked,
  environments,
  forgetNotices,
  machine,
  openShell,
  place,
  row,
  setEnvironments,
  setting,
  VIEW,
} from './environmentSupport';
import { cleanUp, shows } from './support';

const HOST = '127.0.0.1';

/** The list that is open has it. */
const offered = (text: RegExp): Promise<true> =>
  eventually(
    async () => text.test((await driver.quickPickRows()).join('\n')) || undefined,
    `a list with ${text.source}`,
  );

/** Processes of this machine whose parent is the attached one's command line. */
const sshPids = (port: string): number[] =>
  execFileSync('/bin/sh', ['-c', `ps -eo pid=,args= | grep "[s]sh .*-p ${port} .* sh$" || true`], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter((line) => /^\s*\d+ \S*ssh /.test(line))
    .map((line) => Number.parseInt(line, 10));

describe('attaching a machine that never heard of exec-server', () => {
  let host: SshHost | undefined;
  let words: string[] = [];

  before(async function () {
    needsDriver(this);
    host = await machine(this);
    // ssh does not know it yet, and may ask.
    words = host
      .command()
      .map((word) => word.replace(/^BatchMode=yes$/, 'BatchMode=no').replace(/known_hosts$/, 'none_known'));
    await setting('reconnectSeconds', 1);
    await driver.openView('Exec Server');
    await driver.openPane(VIEW);
  });
  afterEach(forgetNotices);
  after(async () => {
    await setEnvironments(undefined);
    await setting('reconnectSeconds', undefined);
    await cleanUp();
    await host?.dispose();
  });

  it('says what will be sent; ssh’s question is asked here; then a shell runs there', async () => {
    await driver.runCommand('Exec Server: Attach a Machine');
    await driver.quickPick('Other command');
    await asked('that run a command there');
    await driver.answer(words.join(' '));
    await offered(/Send and attach[^]*0\.5 MB, once, to ~\/\.cache\/exec-server there/);
    await driver.quickPick('Send and attach');
    await offered(/fingerprint is/);
    await driver.quickPick('fingerprint is');
    const [entry] = await eventually(() => {
      const all = environments() as { id: string; program: string; args: string[] }[];
      return Promise.resolve(all.length === 1 ? all : undefined);
    }, 'the entry in the settings');
    assert.equal(entry?.program, 'exec-server');
    assert.deepEqual(entry.args, ['attach', '--', ...words]);
    await place(entry.id, 'connected');
    await openShell(entry.id);
    await driver.typeInTerminal('echo from=${SSH_CONNECTION%% *}');
    await shows(new RegExp(`from=${HOST.replaceAll('.', '\\.')}`));
  });

  it('a lost one says so at once, refuses what is typed, and comes back by itself', async () => {
    const [entry] = environments() as { id: string; args: string[] }[];
    assert.ok(entry);
    const pids = sshPids(entry.args[entry.args.indexOf('-p') + 1] ?? '');
    assert.equal(pids.length, 1);
    process.kill(pids[0] ?? 0, 'SIGKILL');
    await row('Shell', 'lost');
    await shows(/\[lost after/);
    await driver.typeInTerminal('echo too late');
    await shows(/Not sent: the connection to .* is lost/);
    await place(entry.id, 'connected');
  });
});
