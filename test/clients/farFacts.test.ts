/** What a row of another machine can be asked, and what it is not asked where the server does not know it. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { CASE_MS, STEP_MS } from '../../scripts/host/patience.mjs';
import { processContext } from '../../src/editor/tree/rowContext';
import { viewModel } from '../../src/editor/tree/viewModel';
import {
  Environment,
  lookAt,
  ProcessTable,
  type ExecParams,
  type ManagedProcess,
} from '../../src/environment';
import { codexProgram, listening, ourServer, PATIENT } from './ends';

const OWNER = { id: 'tester', name: 'tester' };
const SCRIPT = 'trap "echo caught" USR1; echo up; sleep 1063 & while :; do sleep 0.1; done';

const params = (argv: readonly string[], more: Partial<ExecParams> = {}): ExecParams => ({
  processId: argv.join(' '),
  argv: [...argv],
  cwd: '/tmp',
  env: { PATH: process.env['PATH'] ?? '', PS1: 'me$ ' },
  tty: false,
  pipeStdin: false,
  ...more,
});

const until = async (condition: () => boolean | Promise<boolean>, what: string): Promise<void> => {
  const end = Date.now() + STEP_MS;
  while (!(await condition())) {
    assert.ok(Date.now() < end, `not in time: ${what}`);
    await sleep(20);
  }
};
const says = async (row: ManagedProcess, part: string): Promise<boolean> =>
  Buffer.concat((await row.read()).chunks.map(({ chunk }) => chunk)).includes(part);

describe('facts of another machine’s processes', function () {
  this.timeout(CASE_MS);

  const over = async (
    server: ReturnType<typeof ourServer>,
    body: (environment: Environment) => Promise<void>,
  ): Promise<void> => {
    const { url, child } = await server;
    const environment = Environment.at('far', { url }, { ...PATIENT, table: new ProcessTable() });
    try {
      await body(environment);
    } finally {
      await environment[Symbol.asyncDispose]();
      child.kill('SIGKILL');
    }
  };
  const codex = async (): ReturnType<typeof ourServer> =>
    listening(await codexProgram(), ['exec-server', '--listen', 'ws://127.0.0.1:0']);

  it('our server passes signals on, to one or to all', () =>
    over(ourServer(), async (environment) => {
      const row = await environment.start(params(['/bin/sh', '-c', SCRIPT]), OWNER);
      await until(() => says(row, 'up'), 'it is up');
      assert.equal(processContext(viewModel(row)), 'process.running.pipe.far.numbered.signalled.reached');
      assert.equal(await row.sendSignal('SIGUSR1', row.farPid ?? 0), true);
      await until(() => says(row, 'caught'), 'the signal');
      assert.equal(await row.sendSignal('SIGUSR1', process.pid), false, 'a process of somebody else');
      await assert.rejects(row.sendSignal('SIGKILL'), /signal/);
    }));

  it('our server tells that a shell is at its prompt, and when it is not', () =>
    over(ourServer(), async (environment) => {
      const row = await environment.start(params(['/bin/sh', '-i'], { tty: true }), OWNER);
      await until(() => row.waiting?.kind === 'prompt', 'the prompt');
      assert.equal(row.needsInput, null, 'nobody is needed for that');
      await row.write(Buffer.from('sleep 1064\r'));
      await until(() => row.waiting === null, 'it is busy');
    }));

  it('of the reference nothing is claimed that it does not tell, and nothing breaks', () =>
    over(codex(), async (environment) => {
      const row = await environment.start(params(['/bin/sh', '-c', SCRIPT]), OWNER);
      await until(() => says(row, 'up'), 'it is up');
      assert.equal(processContext(viewModel(row)), 'process.running.pipe.far');
      assert.deepEqual(await lookAt(row, { ports: true }), { members: [], ports: [] });
      assert.deepEqual([row.pid, row.farPid, row.takesSignals], [null, null, false]);
      assert.equal(await row.sendSignal('SIGUSR1'), false);
      assert.ok(!(await says(row, 'caught')));
      const survivors = await row.stop({ from: 'terminate', graceMs: 2000, by: 'client' });
      await until(() => row.closed, 'its end');
      assert.deepEqual(survivors, []);
      assert.equal(row.stopReport?.done, true);
    }));
});
