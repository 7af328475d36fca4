import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CASE_MS, STEP_MS } from '../../scripts/host/patience.mjs';
import { EnvironmentManager, ProcessTable, type ManagedProcess } from '../../src/environment';
import { lives, OWNER, until, untilClosed, untilOutput } from '../unit/process/helpers';
import { PATIENT } from './ends';
import { SshHost } from './sshHost';

const CLI = path.resolve('dist/cli.js');

/** The engine that people run already: `ssh box exec-server --listen stdio`, with a real sshd at the other end. */
describe('an environment behind ssh', function () {
  this.timeout(CASE_MS);
  const missing = SshHost.missing() ?? (existsSync(CLI) ? undefined : 'dist/cli.js is not built');
  if (missing !== undefined) {
    it(`works with a real sshd (skipped: ${missing})`);
    return;
  }

  const host = new SshHost();
  const table = new ProcessTable();
  const manager = new EnvironmentManager({ connect: PATIENT, table });
  /** Before it becomes ssh, the shell says who it will be. */
  const pidFile = host.file('ssh.pid');
  const sshPid = (): number => Number(readFileSync(pidFile, 'utf8'));
  /** ssh meets the host for the first time, and says so; so does the machine. */
  const words = (...command: string[]): string[] => {
    const banner = ['sh', '-c', `'echo "Authorized users only" >&2; exec "$@"'`, 'x'];
    return host
      .command(...banner, ...command)
      .map((word) => word.replace(/known_hosts$/, 'none_known'))
      .flatMap((word) =>
        word === '/usr/bin/ssh' ? [word, '-o', 'StrictHostKeyChecking=accept-new'] : [word],
      );
  };
  let lastId = 0;

  before(async () => {
    await host.start();
    manager.set([
      {
        id: 'box',
        program: '/bin/sh',
        args: [
          ...['-c', 'echo $$ >"$0"; exec "$@"', pidFile],
          ...words(process.execPath, CLI, '--listen', 'stdio'),
        ],
      },
    ]);
  });
  after(async () => {
    await table.shutdown({ graceMs: 500 });
    await manager[Symbol.asyncDispose]();
    await host.dispose();
  });

  const start = async (script: string, more: object = {}): Promise<ManagedProcess> => {
    const environment = manager.get('box') ?? assert.fail();
    return environment.start(
      {
        processId: `ssh-${++lastId}`,
        argv: ['/bin/sh', '-c', script],
        cwd: '/tmp',
        env: { PATH: process.env['PATH'] ?? '' },
        tty: false,
        pipeStdin: false,
        ...more,
      },
      OWNER,
    );
  };

  it('runs a command there: its output, its exit code, and what is typed into it', async () => {
    const process = await start('read x; echo "over $x"; echo err >&2; exit 7', { pipeStdin: true });
    await process.write(Buffer.from('ssh\n'));
    await untilOutput(process, /over ssh/);
    await untilClosed(process);
    assert.deepEqual([process.exitCode, process.state, process.environmentId], [7, 'exited', 'box']);
  });

  it('a kill reaches the process tree there', async () => {
    const process = await start('sleep 1000 & echo pids $$ $!; wait');
    const pids =
      /pids (\d+) (\d+)/
        .exec(await untilOutput(process, /pids \d+ \d+\n/))
        ?.slice(1)
        .map(Number) ?? [];
    assert.deepEqual(await process.stop({ from: 'terminate', by: 'person' }), []);
    assert.equal(process.state, 'killed');
    await until(() => pids.every((pid) => !lives(pid)), STEP_MS, 'the end of both');
  });

  it('ssh killed mid-command: lost, with the reason, and nothing is left behind there', async () => {
    const process = await start('sleep 1000 & echo pids $$ $! $PPID; wait');
    const text = await untilOutput(process, /pids \d+ \d+ \d+\n/);
    const pids = /pids (\d+) (\d+) (\d+)/.exec(text)?.slice(1).map(Number) ?? [];
    assert.equal(pids.length, 3);
    globalThis.process.kill(sshPid(), 'SIGKILL');
    await untilClosed(process);
    assert.equal(process.state, 'lost');
    // Neither the warning of ssh nor the greeting of the machine ended it.
    assert.match(
      process.problem ?? '',
      /^exec-server transport disconnected: .*: the program was ended by SIGKILL$/,
    );
    assert.match(readFileSync(host.file('none_known'), 'utf8'), /127/);
    assert.equal(manager.get('box')?.state, 'lost');
    await until(
      () => pids.every((pid) => !lives(pid)),
      STEP_MS,
      'the end of command, child and exec-server there',
    );
  });

  it('connects again afterwards, when it is told to', async () => {
    await manager.get('box')?.connect();
    const process = await start('echo again');
    await untilOutput(process, /again/);
    await untilClosed(process);
    assert.equal(process.exitCode, 0);
  });
});
