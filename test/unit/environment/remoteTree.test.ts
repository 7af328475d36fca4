import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Environment } from '../../../src/environment/environment';
import { RemoteTree } from '../../../src/environment/remoteTree';
import { LocalHostBackend } from '../../../src/environment/localHostBackend';
import type { EnvironmentInfo } from '../../../src/protocol';
import { canLookAt, lookAt } from '../../../src/process/members';
import type { ManagedProcess } from '../../../src/process/managedProcess';
import type { StopReport } from '../../../src/process/types';
import { ProcessTable } from '../../../src/process/processTable';
import { describeEnvironment, serveInProcess } from '../../../src/server';
import { eventually } from '../../editor/host/driver';
import { linux, lives, OWNER, until, untilClosed, untilOutput } from '../process/helpers';

const GRACE_MS = 30_000;
const shell = { name: 'sh', path: '/bin/sh' } as const;
const ours = describeEnvironment({
  executorVersion: '0',
  surroundings: { shell, tempDir: Buffer.from('/tmp') },
});
let lastId = 0;

(linux ? describe : describe.skip)('what came of a process on another machine', () => {
  const there = new ProcessTable();
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const backend = new LocalHostBackend(there, () => ({}));
  const serve = (info: EnvironmentInfo) => serveInProcess({ backend, environmentInfo: () => info, log });
  const servers = { ours: serve(ours), other: serve({ ...ours, capabilities: {} }) };
  let here: ProcessTable;
  let box: Environment;
  const connect = (server = servers.ours): void => {
    here = new ProcessTable();
    box = Environment.at('box', { connector: server.connector }, { table: here });
  };
  afterEach(async () => {
    await here.shutdown({ graceMs: 100 });
    await box[Symbol.asyncDispose]();
  });
  after(async () => {
    for (const server of Object.values(servers)) await server.close();
    await there.shutdown({ graceMs: 100 });
  });

  const start = (script: string): Promise<ManagedProcess> => {
    const env = { PATH: process.env['PATH'] ?? '' };
    const argv = ['/bin/sh', '-c', script];
    const rest = { cwd: '/tmp', env, tty: false, pipeStdin: false };
    return box.start({ processId: String(++lastId), argv, ...rest }, OWNER);
  };
  /** A child that is not yet what it will be may lose a signal. */
  const untilThere = async (far: ManagedProcess, ...commands: string[]): Promise<void> => {
    for (const command of commands)
      while (!(await lookAt(far)).members.some((member) => member.command === command)) await sleep(20);
  };
  const original = (): ManagedProcess => there.list().at(-1) ?? assert.fail('nothing runs there');

  it('is known: its number, its family, what each uses, and the signal that ended it', async () => {
    connect();
    const far = await start('setsid sleep 621 & echo up; wait');
    await untilOutput(far, /up/);
    const { pid } = original();
    assert.deepEqual([far.pid, far.farPid, canLookAt(far)], [null, pid, true]);
    await untilThere(far, 'sleep 621');
    const { members } = await lookAt(far);
    assert.deepEqual([members[0]?.pid, members[1]?.command], [pid, 'sleep 621']);
    assert.ok((members[1]?.usage?.memoryBytes ?? 0) > 100_000);
    process.kill(pid ?? 0, 'SIGSEGV');
    await until(() => far.exitSignal === 11);
    await far.stop({ from: 'kill', by: 'person' });
  });

  it('is asked to end before it is killed, and told how far that is', async () => {
    connect();
    const far = await start('trap "echo bye; exit 5" TERM; sleep 622 & echo up; wait; wait');
    await untilOutput(far, /up/);
    await untilThere(far, 'sleep 622');
    assert.deepEqual(await far.stop({ from: 'terminate', graceMs: GRACE_MS, by: 'person' }), []);
    assert.equal(far.exitCode, 5);
    await untilOutput(far, /bye/);
    const report = { by: 'person', asked: 2, left: [], ended: 2, forced: 0, done: true };
    assert.deepEqual(far.stopReport, report);
  });

  it('that is deaf is killed when the time is over', async () => {
    connect();
    const far = await start('trap "exit 0" TERM; sleep 625 & (trap "" TERM; echo up; exec sleep 626) & wait');
    await untilOutput(far, /up/);
    // Looked at there only, so that nothing is known here before.
    await untilThere(original(), 'sleep 625');
    await untilThere(original(), 'sleep 626');
    const atItsEnd: (StopReport | null)[] = [];
    here.on('changed', () => {
      if (far.closed) atItsEnd.push(far.stopReport);
    });
    assert.deepEqual(await far.stop({ from: 'terminate', graceMs: 300, by: 'person' }), []);
    const report = { by: 'person', asked: 3, left: [], ended: 3, forced: 1, done: true };
    assert.deepEqual(far.stopReport, report);
    await untilClosed(far);
    assert.deepEqual({ ...atItsEnd[0], done: true }, report, 'what its terminal says');
  });

  it('holds its output after the exit, and is stopped then by a person', async () => {
    connect();
    const far = await start('trap "" HUP; sleep 623 & echo up');
    await untilOutput(far, /up/);
    await until(() => far.state === 'exited');
    // A child has its parent's name until it is its program.
    const held = await eventually(
      async () => (await lookAt(far)).members.find(({ command }) => command === 'sleep 623'),
      'what holds the output',
    );
    await far.stop({ from: 'terminate', graceMs: GRACE_MS, by: 'person' });
    await untilClosed(far);
    assert.ok(!lives(held.pid));
  });

  it('is not known where the machine does not tell: it is killed at once', async () => {
    connect(servers.other);
    const far = await start('trap "echo bye" TERM; sleep 624 & echo up; wait');
    await untilOutput(far, /up/);
    assert.deepEqual([far.farPid, canLookAt(far)], [null, false]);
    assert.deepEqual(await lookAt(far, { ports: true }), { members: [], ports: [] });
    assert.deepEqual(await far.stop({ from: 'terminate', graceMs: GRACE_MS, by: 'person' }), []);
    assert.equal(far.exitCode, 137);
  });
});

describe('a look at another machine after the end of a process that was stopped', () => {
  /** Of somebody who is there in the first so many looks. */
  const settled = async (there: number): Promise<{ left: number; looks: number }> => {
    let looks = 0;
    const tree = new RemoteTree(
      ['sh'],
      'box',
      () => true,
      () => undefined,
    );
    const members = [{ pid: 8, command: 'sleep', usage: undefined }];
    tree.started({
      pid: 7,
      signal: async () => undefined,
      sendSignal: async () => true,
      terminate: async () => true,
      look: async () => ({ members: ++looks <= there ? members : [], ports: [] }),
    });
    tree.ended();
    await tree.settle();
    return { left: tree.alive().length, looks };
  };

  it('is made again while somebody is on the way out, who is no survivor', async () => {
    assert.deepEqual(await settled(3), { left: 0, looks: 4 });
  });

  it('is not made for ever: whoever stays is one', async () => {
    assert.equal((await settled(Infinity)).left, 1);
  });
});
