import assert from 'node:assert/strict';
import type { ExecBackend, ExecProcess, ExecProcessEvent } from '../../../src/environment/execBackend';
import { LocalExecBackend } from '../../../src/environment/localExecBackend';
import { LocalHostBackend } from '../../../src/environment/localHostBackend';
import { startElsewhere } from '../../../src/environment/remoteStart';
import type { ManagedProcess } from '../../../src/process/managedProcess';
import { ProcessTable } from '../../../src/process/processTable';
import type { ProcessEvent } from '../../../src/process/types';
import { lives, OWNER, posix, textOf, untilClosed, untilOutput } from '../process/helpers';

(posix ? describe : describe.skip)('a process of another host in this table', () => {
  const there = new ProcessTable();
  const backend = new LocalExecBackend(new LocalHostBackend(there, () => ({})), OWNER);
  let here = new ProcessTable();
  let lastId = 0;
  beforeEach(() => (here = new ProcessTable()));
  afterEach(() => here.shutdown({ graceMs: 100 }));
  after(() => there.shutdown({ graceMs: 100 }));

  const start = (script: string, more: object = {}, where: ExecBackend = backend): Promise<ManagedProcess> =>
    startElsewhere(
      here,
      { name: 'box', backend: where },
      {
        processId: String(++lastId),
        argv: ['/bin/sh', '-c', script],
        cwd: '/tmp',
        env: { PATH: process.env['PATH'] ?? '' },
        tty: false,
        pipeStdin: false,
        ...more,
      },
      OWNER,
    );
  const original = (): ManagedProcess => there.list().at(-1) ?? assert.fail('nothing runs there');
  const eventsOf = (of: ManagedProcess): ProcessEvent[] => {
    const events: ProcessEvent[] = [];
    of.attach((event) => events.push(event));
    return events;
  };
  const numbered = (of: ManagedProcess): unknown[] =>
    eventsOf(of).map((event) => [event.seq, event.type, textOf([event])]);

  it('has the output, the numbers and the end that it has there, late output included', async () => {
    const process = await start('echo one; echo two >&2; (sleep 0.3; echo late) & exit 3');
    await untilClosed(process);
    assert.deepEqual(numbered(process), numbered(original()));
    assert.deepEqual(
      [process.exitCode, process.state, process.place, process.pid],
      [3, 'exited', 'box', null],
    );
  });

  it('in a terminal it takes keys and a new size', async () => {
    const process = await start('read x; echo "got $x"; read y; stty size', { tty: true });
    assert.ok(process.resizable);
    await process.write(Buffer.from('word\n'));
    await untilOutput(process, /got word/);
    process.resize({ rows: 33, cols: 101 });
    await process.write(Buffer.from('\n'));
    await untilOutput(process, /33 101/);
  });

  it('of a host that knows no resize keeps its size', async () => {
    const process = await start('x', { tty: true }, failing([]));
    assert.equal(process.resizable, false);
    process.resize({ rows: 1, cols: 1 });
  });

  it('has its stdin ended', async () => {
    const process = await start('cat; echo over', { pipeStdin: true });
    await process.write(Buffer.from('text\n'));
    assert.equal(await process.closeStdin(), 'accepted');
    assert.match(await untilOutput(process, /over/), /text\nover/);
  });

  it('is interrupted, and killed', async () => {
    const first = await start('exec sleep 60');
    first.interrupt();
    await untilClosed(first);
    assert.equal(first.exitCode, 130);
    const second = await start('sleep 60');
    const { pid } = original();
    assert.deepEqual(await second.stop({ from: 'terminate', by: 'person' }), []);
    assert.equal(second.state, 'killed');
    assert.ok(pid !== null && !lives(pid));
  });

  it('is not started, with the words of the other host, when that can not run it', async () => {
    await assert.rejects(start('x', { argv: ['/no/such/program'] }), /no\/such\/program|ENOENT|No such file/);
    assert.deepEqual(here.list(), []);
  });

  it('is lost with the reason when its host is, and says so to who types', async () => {
    const process = await start(
      'x',
      {},
      failing([{ type: 'output', seq: 1, stream: 'stdout', chunk: Buffer.from('a') }]),
    );
    await untilClosed(process);
    assert.deepEqual([process.state, process.problem], ['lost', 'exec-server transport disconnected: gone']);
    assert.equal(await process.write(Buffer.from('x')), 'stdinClosed');
    assert.equal(textOf(eventsOf(process)), 'a');
  });

  it('tells what did not get here', async () => {
    const events: ExecProcessEvent[] = [
      { type: 'output', seq: 1, stream: 'stdout', chunk: Buffer.from('a') },
      { type: 'dropped', seq: 7, bytes: 100 },
      { type: 'output', seq: 8, stream: 'stdout', chunk: Buffer.from('b') },
    ];
    const process = await start('x', {}, failing(events));
    await untilClosed(process);
    const read = await process.read();
    assert.deepEqual(
      [read.chunks.map(({ seq, chunk }) => [seq, chunk.toString()]), read.droppedBytes],
      [[[8, 'b']], 101],
    );
    assert.equal((await process.read({ afterSeq: 1 })).droppedBytes, 100);
  });

  /** A host that is gone after these events: what a real one says then is the client's business, and tested there. */
  function failing(events: readonly ExecProcessEvent[]): ExecBackend {
    const gone = (): Promise<never> => Promise.reject(new Error('gone'));
    const process: ExecProcess = {
      processId: 'x',
      read: gone,
      write: gone,
      closeStdin: gone,
      signal: gone,
      terminate: gone,
      resize: gone,
      subscribeWake: () => () => undefined,
      subscribeEvents: async function* () {
        yield* events;
        yield { type: 'failed', message: 'exec-server transport disconnected: gone' };
      },
      [Symbol.asyncDispose]: gone,
    };
    return { start: () => Promise.resolve({ process }) };
  }
});
