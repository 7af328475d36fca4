import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import type { SshHost } from '../../clients/sshHost';
import { driver, needsDriver, skip } from '../host/driver';
import { forgetNotices, machine, place, row, setEnvironments, setting, VIEW } from './environmentSupport';
import { cliCommand } from './remoteServer';
import { api, cleanUp, isAlive, run, shows } from './support';

const BWRAP = '/usr/bin/bwrap';
/** How much later than the end of a command here that of a machine may be told, in ms: what is promised. */
const LATER_MS = 1000;
/** A busy machine may hold up either of the two that are compared; a wait that is always there shows each time. */
const ROUNDS = 4;

/** Runs the words behind it, and leaves whose process they are. */
const NAMED = 'echo $$ >"$0"; exec "$@"';
/** The same beside a program that has the stdout too. */
const HELD = `sleep 600 & echo $! >"$0.holder"; ${NAMED}`;

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
  /** From the kill of a process until the row of a command says what became of it, in ms. */
  const untilSaid = async (pid: number, command: string, word: string): Promise<number> => {
    const since = performance.now();
    process.kill(pid, 'SIGKILL');
    await row(command, word);
    return performance.now() - since;
  };
  const endHere = async (): Promise<number> => {
    const command = `sleep ${++seconds}`;
    const { pid } = await api.start({ command: `exec ${command}` });
    await row(command);
    return untilSaid(pid ?? assert.fail(), command, 'SIGKILL');
  };
  const loseThere = async (id: string, pidFile: string): Promise<number> => {
    await run('environment.connect', id);
    await place(id, 'connected');
    const command = `sleep ${++seconds}`;
    const { processId } = await api.start({ command, tty: true, environment: id });
    await row(command, id);
    await run('process.open', processId);
    const ms = await untilSaid(pidIn(pidFile), command, 'lost');
    await shows(/\[lost after/);
    return ms;
  };

  const itIsToldAtOnce = (
    name: string,
    script: string,
    wordsOf: (there: SshHost) => Entry | string,
  ): void => {
    it(`${name}: its rows say so within a second, and what is typed is refused in words`, async function () {
      const there = host ?? assert.fail();
      const words = wordsOf(there);
      if (typeof words === 'string') skip(this, words);
      const pidFile = there.file(`${name}.pid`);
      const wrapped = [...words.before, '/bin/sh', '-c', script, pidFile, ...words.command];
      const [program = '', ...args] = wrapped;
      await setEnvironments([{ id: name, program, args, env: words.env }]);
      await place(name, 'not connected');
      const later: number[] = [];
      while (later.length < ROUNDS && !later.some((ms) => ms < LATER_MS)) {
        const here = await endHere();
        later.push((await loseThere(name, pidFile)) - here);
        const holder = `${pidFile}.holder`;
        if (!existsSync(holder)) continue;
        assert.ok(isAlive(pidIn(holder)), 'its stdout was held all the time');
        process.kill(pidIn(holder), 'SIGKILL');
      }
      assert.ok(
        later.some((ms) => ms < LATER_MS),
        `later than the end of a command here by ${later.map(Math.round).join(', ')} ms`,
      );
      await driver.typeInTerminal('echo too late');
      await shows(/Not sent: the connection to .* is lost/);
    });
  };

  itIsToldAtOnce('ssh-alone', NAMED, attachBySsh);
  itIsToldAtOnce('ssh-held', HELD, attachBySsh);
  // The server within lives on, and has all three streams.
  itIsToldAtOnce('bubblewrap', NAMED, () => {
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
