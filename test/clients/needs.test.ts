/** That a process of another machine needs somebody is seen here, whatever the server tells. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { CASE_MS, STEP_MS } from '../../scripts/host/patience.mjs';
import { Environment, ProcessTable, type ExecParams, type ManagedProcess } from '../../src/environment';
import { BrokenLine } from './brokenLine';
import { codexProgram, listening, ourServer, PATIENT } from './ends';

const OWNER = { id: 'tester', name: 'tester' };

const terminal = (script: string): ExecParams => ({
  processId: script,
  argv: ['/bin/sh', '-c', script],
  cwd: '/tmp',
  env: { PATH: process.env['PATH'] ?? '' },
  tty: true,
  pipeStdin: false,
});

const until = async (condition: () => boolean, what: string): Promise<void> => {
  const end = Date.now() + STEP_MS;
  while (!condition()) {
    assert.ok(Date.now() < end, `not in time: ${what}`);
    await sleep(20);
  }
};

const asks = ({ needsInput }: ManagedProcess): string | undefined => needsInput?.question;

describe('what another machine’s process waits for', function () {
  this.timeout(CASE_MS);

  const over = async (
    server: ReturnType<typeof ourServer>,
    body: (environment: Environment, line: BrokenLine) => Promise<void>,
  ): Promise<void> => {
    const { url, child } = await server;
    const line = await BrokenLine.to(url);
    const table = new ProcessTable();
    const environment = Environment.at('far', { url: line.url }, { ...PATIENT, table });
    try {
      await body(environment, line);
    } finally {
      await environment[Symbol.asyncDispose]();
      line.close();
      child.kill('SIGKILL');
    }
  };

  it('our server tells it, also what only its machine can know', () =>
    over(ourServer(), async (environment) => {
      const asking = await environment.start(terminal('echo "Token?"; stty -echo; read a; sleep 60'), OWNER);
      const quiet = await environment.start(terminal('printf "Compiling? "; sleep 60'), OWNER);
      await until(() => asking.needsInput?.kind === 'secret', 'the secret');
      assert.equal(asks(asking), 'Token?');
      await sleep(1000);
      assert.equal(quiet.needsInput, null);
      await asking.write(Buffer.from('abc\r'));
      await until(() => asking.needsInput === null, 'nobody is needed');
    }));

  it('what was asked while the connection was broken is seen after it', () =>
    over(ourServer(), async (environment, line) => {
      const asking = await environment.start(terminal('sleep 1; printf "Go on? "; read a'), OWNER);
      line.isDead = true;
      line.cut();
      await sleep(2500);
      line.isDead = false;
      await until(() => asks(asking) === 'Go on?', 'the question');
      await asking.write(Buffer.from('y\r'));
      await until(() => asking.needsInput === null, 'nobody is needed');
    }));

  it('of a server that does not tell it is guessed by the last line', async () => {
    const program = await codexProgram();
    await over(listening(program, ['exec-server', '--listen', 'ws://127.0.0.1:0']), async (environment) => {
      const asking = await environment.start(terminal('printf "Go on? "; read a; sleep 60'), OWNER);
      const building = await environment.start(terminal('printf "\\r45% [##  ]"; sleep 60'), OWNER);
      await until(() => asks(asking) === 'Go on?', 'the question');
      assert.equal(building.needsInput, null);
      await asking.write(Buffer.from('y\r'));
      await until(() => asking.needsInput === null, 'nobody is needed');
    });
  });
});
