import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import type { SshHost } from '../../clients/sshHost';
import { driver, needsDriver, skip } from '../host/driver';
import { forgetNotices, machine, place, row, setEnvironments, setting, VIEW } from './environmentSupport';
import { cliCommand } from './remoteServer';
import { api, cleanUp, isAlive, run, shows } from './support';

const BWRAP = '/usr/bin/bwrap';

/** Runs the words behind it, and leaves whose process they are. */
const NAMED = 'echo $$ >"$0"; exec "$@"';
/** The same beside a program that has the stdout too. */
const HELD = `sleep 3600 & echo $! >"$0.holder"; ${NAMED}`;

describe('a machine whose transport is killed', () => {
  let host: SshHost | undefined;
  let seconds = 1100;

  before(async function () {
    needsDriver(this);
    host = await machine(this);
    await setting('reconnectMinutes', 0);
    await driver.openView('Exec Server');
    await driver.openPane(VIEW);
  });
  afterEach(forgetNotices);
  after(async () => {
    await setEnvironments(undefined);
    await setting('reconnectMinutes', undefined);
    await cleanUp();
    await host?.dispose();
  });

  const pidIn = (file: string): number => Number(readFileSync(file, 'utf8'));
  const loseThere = async (id: string, pidFile: string): Promise<void> => {
    await run('environment.connect', id);
    await place(id, 'connected');
    const command = `sleep ${++seconds}`;
    const { processId } = await api.start({ command, tty: true, environment: id });
    await row(command, id);
    await run('process.open', processId);
    process.kill(pidIn(pidFile), 'SIGKILL');
    await row(command, 'lost');
    await shows(/\[lost after/);
  };

  const itIsTold = (name: string, script: string, wordsOf: (there: SshHost) => Entry | string): void => {
    it(`${name}: its rows say so, whoever still holds its stdout, and what is typed is refused in words`, async function () {
      const there = host ?? assert.fail();
      const words = wordsOf(there);
      if (typeof words === 'string') skip(this, words);
      const pidFile = there.file(`${name}.pid`);
      const wrapped = [...words.before, '/bin/sh', '-c', script, pidFile, ...words.command];
      const [program = '', ...args] = wrapped;
      await setEnvironments([{ id: name, program, args, env: words.env }]);
      await place(name, 'not connected');
      await loseThere(name, pidFile);
      const holder = `${pidFile}.holder`;
      if (existsSync(holder)) {
        assert.ok(isAlive(pidIn(holder)), 'its stdout was held all the time');
        process.kill(pidIn(holder), 'SIGKILL');
      }
      await driver.typeInTerminal('echo too late');
      await shows(/Not sent: the connection to .* is lost/);
    });
  };

  itIsTold('ssh-alone', NAMED, attachBySsh);
  itIsTold('ssh-held', HELD, attachBySsh);
  // The server within lives on, and has all three streams.
  itIsTold('bubblewrap', NAMED, () => {
    if (!existsSync(BWRAP)) return `${BWRAP} is not there: install bubblewrap`;
    const { program, args, env } = cliCommand('--listen', 'stdio');
    const box = [BWRAP, '--unshare-pid', '--dev-bind', '/', '/', '--proc', '/proc', '--'];
    return { before: [], command: [...box, program, ...args], env };
  });
});

interface Entry {
  readonly before: readonly string[];
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

function attachBySsh(there: SshHost): Entry {
  return { before: ['exec-server', 'attach', '--'], command: there.command() };
}
