import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { SshHost } from '../../clients/sshHost';
import { driver, eventually, needsDriver, skip } from '../host/driver';
import { click, forgetNotices, openShell, place, row, setEnvironments, VIEW } from './environmentSupport';
import { cliCommand } from './remoteServer';
import { cleanUp, isAlive, ready, shows } from './support';

const BOX = 'ssh-box';

describe('an environment behind ssh, in the editor', () => {
  let host: SshHost | undefined;
  let pidFile = '';

  before(async function () {
    needsDriver(this);
    const missing = SshHost.missing();
    if (missing !== undefined) skip(this, missing);
    await ready();
    host = new SshHost();
    await host.start();
    const { program, args, env } = cliCommand('--listen', 'stdio');
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    pidFile = host.file('ssh.pid');
    const words = host.command('env', ...variables, program, ...args);
    await driver.openView('Exec Server');
    await driver.openPane(VIEW);
    // Before it becomes ssh, the shell says who it will be.
    const wrapper = ['-c', 'echo $$ >"$0"; exec "$@"', pidFile];
    await setEnvironments([{ id: BOX, program: '/bin/sh', args: [...wrapper, ...words] }]);
    await place(BOX, 'not connected');
  });
  afterEach(forgetNotices);
  after(async () => {
    await setEnvironments(undefined);
    await cleanUp();
    await host?.dispose();
  });

  it('a shell there takes what is typed; ssh killed mid-command, it is lost, and Reconnect gets another', async () => {
    await openShell(BOX);
    await driver.typeInTerminal('echo shell=$$ server=$PPID from=${SSH_CONNECTION%% *}; sleep 1006');
    await shows(/shell=\d+ server=\d+ from=127\.0\.0\.1/);
    const [, shell, server] = (/shell=(\d+) server=(\d+)/.exec(await driver.terminalText()) ?? []).map(
      Number,
    );
    assert.ok(shell && server);
    await place(BOX, 'connected', '1 running');
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
    assert.match((await place(BOX, 'lost')).label, /the program was ended by SIGKILL/);
    await row('Shell', BOX, 'lost');
    await shows(/\[lost after .*exec-server transport disconnected/);
    await driver.screenshot('environment-ssh-lost');
    await eventually(() => !isAlive(shell) && !isAlive(server), 'nothing is left over there');
    await click(`${VIEW} > ${BOX}`, 'Reconnect');
    await place(BOX, 'connected');
    await openShell(BOX);
    await driver.typeInTerminal('echo back-$((40+2))');
    await shows(/back-42/);
  });
});
