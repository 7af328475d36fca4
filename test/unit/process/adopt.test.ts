import assert from 'node:assert/strict';
import type { RemoteChildHandle } from '../../../src/process/child';
import type { ManagedProcess } from '../../../src/process/managedProcess';
import { ProcessTable } from '../../../src/process/processTable';
import { SpawnError, LimitError } from '../../../src/process/errors';
import type { ProcessEvent, SpawnSpec } from '../../../src/process/types';
import { lives, OWNER, posix, shell, textOf, until, untilClosed, untilOutput } from './helpers';

(posix ? describe : describe.skip)('a process that was started elsewhere', () => {
  /** Another host, whose processes the table of this one lists. */
  const elsewhere = new ProcessTable();
  let table = new ProcessTable();
  let lose: ((problem: string) => void) | undefined;
  beforeEach(() => (table = new ProcessTable()));
  afterEach(() => table.shutdown({ graceMs: 100 }));
  after(() => elsewhere.shutdown({ graceMs: 100 }));

  const there: ManagedProcess[] = [];
  const adopt = (spec: SpawnSpec): Promise<ManagedProcess> =>
    table.adopt('id', spec, OWNER, 'far', async () => {
      const process = await elsewhere.start('id', spec, OWNER);
      there.push(process);
      return foreign(process);
    });

  function foreign(process: ManagedProcess): RemoteChildHandle {
    return {
      pid: null,
      farPid: null,
      environmentId: 'box',
      stdin: {
        write: async (chunk) => (await process.write(chunk)) === 'accepted',
        end: async () => (await process.closeStdin()) === 'accepted',
        destroy: () => undefined,
      },
      begin: (sink) => {
        let over = false;
        lose = (problem) => {
          over = true;
          sink.lost(problem);
        };
        process.subscribe((event) => {
          if (over) return;
          if (event.type === 'output') sink.output(event.stream, event.chunk);
          else if (event.type === 'exited') sink.exited({ code: event.exitCode, signal: null });
          else sink.streamsEnded();
        });
      },
      resizable: false,
      resize: () => Promise.reject(new Error('no such request')),
      interrupt: async () => process.interrupt(),
      pause: () => undefined,
      resume: () => undefined,
      closeStreams: () => undefined,
      tree: {
        search: async () => undefined,
        leaderExited: () => undefined,
        killGroup: async () => undefined,
        signal: (rung) => {
          if (rung === 'interrupt') void process.interrupt();
          else void process.stop({ from: 'kill', by: 'client' });
        },
        hangUp: () => undefined,
        alive: () =>
          process.state === 'running' ? [{ pid: null, command: process.spec.argv.join(' ') }] : [],
        groupAlive: () => false,
      },
    };
  }

  it('is listed like any other, without a pid of this machine, and numbered as there', async () => {
    const process = await adopt(shell('echo one; (sleep 0.3; echo late) & exit 3'));
    assert.equal(process.pid, null);
    assert.equal(process.environmentId, 'box');
    assert.deepEqual(table.list(), [process]);
    await untilClosed(process);
    assert.deepEqual([process.state, process.exitCode], ['exited', 3]);
    const numbered = (of: ManagedProcess): unknown[] => {
      const events: ProcessEvent[] = [];
      of.subscribe((event) => events.push(event));
      return events.map((event) => [event.seq, event.type, textOf([event])]);
    };
    assert.deepEqual(numbered(process), numbered(there.at(-1)!));
  });

  it('takes what is typed, and an interrupt', async () => {
    const process = await adopt(shell('read x; echo "got $x"; exec sleep 60', { pipeStdin: true }));
    assert.equal(await process.write(Buffer.from('word\n')), 'accepted');
    await untilOutput(process, /got word/);
    await process.interrupt();
    await untilClosed(process);
    assert.equal(process.exitCode, 130);
  });

  it('is stopped by the same ladder', async () => {
    const process = await adopt(shell('sleep 60'));
    assert.deepEqual(await process.stop({ from: 'terminate', graceMs: 2000, by: 'person' }), []);
    assert.equal(process.state, 'killed');
    assert.ok(!lives(there.at(-1)!.pid!));
  });

  it('is lost, with the reason, when nobody can say how it ended', async () => {
    const process = await adopt(shell('sleep 60'));
    lose?.('the cable was cut');
    assert.deepEqual([process.state, process.closed, process.exitCode], ['lost', true, -1]);
    assert.equal(process.problem, 'the cable was cut');
    assert.equal(await process.write(Buffer.from('x')), 'stdinClosed');
  });

  it('counts among those that may run', async () => {
    table.configure({ maxProcesses: 1 });
    await adopt(shell('sleep 60'));
    await assert.rejects(adopt(shell('sleep 60')), LimitError);
  });

  it('ends with the table, and a start that hangs does not hold that up', async () => {
    await adopt(shell('sleep 60'));
    let arrive: (child: RemoteChildHandle) => void = () => undefined;
    const hanging = table.adopt(
      'id',
      shell('sleep 61'),
      OWNER,
      'far',
      () => new Promise((resolve) => (arrive = resolve)),
    );
    assert.deepEqual(await table.shutdown({ graceMs: 300 }), []);
    assert.ok(!lives(there.at(-1)!.pid!));
    const late = await elsewhere.start('id', shell('sleep 61'), OWNER);
    arrive(foreign(late));
    await assert.rejects(hanging, SpawnError);
    await until(() => !lives(late.pid!), 5000, 'the end of what came late');
  });
});
