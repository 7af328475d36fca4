import assert from 'node:assert/strict';
import { Environment } from '../../../src/environment/environment';
import { LocalHostBackend } from '../../../src/environment/localHostBackend';
import type { ExecParams } from '../../../src/model';
import type { ManagedProcess } from '../../../src/process/managedProcess';
import { ProcessTable } from '../../../src/process/processTable';
import type { ProcessEvent } from '../../../src/process/types';
import { RpcError } from '../../../src/protocol';
import { serveInProcess } from '../../../src/server';
import { arrived, closeOf, exitOf, outputOf, ScriptedServer, SILENCE } from '../client/scriptedServer';
import { lives, OWNER, posix, textOf, untilClosed, untilOutput } from '../process/helpers';

const MIB = 1024 * 1024;
let lastId = 0;

const params = (more: Partial<ExecParams> = {}): ExecParams => ({
  processId: String(++lastId),
  argv: ['/bin/sh', '-c', ':'],
  cwd: '/tmp',
  env: { PATH: process.env['PATH'] ?? '' },
  tty: false,
  pipeStdin: false,
  ...more,
});

const eventsOf = (of: ManagedProcess): ProcessEvent[] => {
  const events: ProcessEvent[] = [];
  of.subscribe((event) => events.push(event));
  return events;
};

(posix ? describe : describe.skip)('a process of another host in this table', () => {
  const there = new ProcessTable();
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const backend = new LocalHostBackend(there, () => ({}));
  const server = serveInProcess({ backend, environmentInfo: () => ({}) as never, log });
  let here: ProcessTable;
  let box: Environment;
  beforeEach(() => {
    here = new ProcessTable();
    box = Environment.at('box', { connector: server.connector }, { table: here });
  });
  afterEach(async () => {
    await here.shutdown({ graceMs: 100 });
    await box[Symbol.asyncDispose]();
  });
  after(() => Promise.all([server.close(), there.shutdown({ graceMs: 100 })]));

  const start = (script: string, more: Partial<ExecParams> = {}): Promise<ManagedProcess> =>
    box.start(params({ argv: ['/bin/sh', '-c', script], ...more }), OWNER);
  const original = (): ManagedProcess => there.list().at(-1) ?? assert.fail('nothing runs there');
  const numbered = (of: ManagedProcess): unknown[] =>
    eventsOf(of).map((event) => [event.seq, event.type, textOf([event])]);

  it('has the output, the numbers and the end that it has there, late output included', async () => {
    const process = await start('echo one; echo two >&2; (sleep 0.3; echo late) & exit 3');
    await untilClosed(process);
    assert.deepEqual(numbered(process), numbered(original()));
    assert.deepEqual(
      [process.exitCode, process.state, process.environmentId, process.pid],
      [3, 'exited', 'box', null],
    );
  });

  it('in a terminal it takes keys and a new size', async () => {
    const process = await start('read x; echo "got $x"; read y; stty size', { tty: true });
    assert.ok(process.resizable);
    await process.write(Buffer.from('word\n'));
    await untilOutput(process, /got word/);
    await process.resize({ rows: 33, cols: 101 });
    await process.write(Buffer.from('\n'));
    await untilOutput(process, /33 101/);
  });

  it('has its stdin ended', async () => {
    const process = await start('cat; echo over', { pipeStdin: true });
    await process.write(Buffer.from('text\n'));
    assert.equal(await process.closeStdin(), 'accepted');
    assert.match(await untilOutput(process, /over/), /text\nover/);
  });

  it('is interrupted, and killed', async () => {
    const first = await start('exec sleep 60');
    await first.interrupt();
    await untilClosed(first);
    assert.equal(first.exitCode, 130);
    const second = await start('sleep 60');
    const { pid } = original();
    assert.deepEqual(await second.stop({ from: 'terminate', by: 'person' }), []);
    assert.equal(second.state, 'killed');
    assert.ok(pid !== null && !lives(pid));
  });

  it('is not started, with the words of the other host, when that can not run it', async () => {
    await assert.rejects(start('x', { argv: ['/no/such/program'] }), /No such file/);
    assert.deepEqual(
      here.list().map(({ state, noStart }) => [state, noStart?.why]),
      [['unstarted', 'failed']],
    );
  });
});

describe('a process of a host that is scripted', () => {
  let server: ScriptedServer;
  let table: ProcessTable;
  let box: Environment;
  beforeEach(() => {
    server = new ScriptedServer();
    table = new ProcessTable();
    box = Environment.at('box', { connector: server }, { table, resumeWindowMs: 0 });
  });
  afterEach(async () => {
    server.answers.set('process/terminate', ({ processId }) => {
      server.send(exitOf(String(processId), 1000, 137), closeOf(String(processId), 1001));
      return { running: true };
    });
    server.cut();
    await box[Symbol.asyncDispose]();
  });
  const start = (more: Partial<ExecParams> = {}): Promise<ManagedProcess> => box.start(params(more), OWNER);

  it('that knows no resize keeps its size, and whoever asks is told its words', async () => {
    server.answers.set('process/resize', () => {
      throw new RpcError(-32601, 'no such method');
    });
    const process = await start({ tty: true });
    assert.equal(process.resizable, false);
    await assert.rejects(process.resize({ rows: 1, cols: 1 }), /no such method/);
    // Nobody has to look.
    void process.resize({ rows: 2, cols: 2 });
    await start({ tty: true });
    assert.equal(server.methods.filter((method) => method === 'process/resize').length, 3);
  });

  it('that cannot end stdin says so, and writes go on', async () => {
    server.answers.set('process/closeStdin', () => {
      throw new RpcError(-32601, 'no such method');
    });
    server.answers.set('process/write', () => ({ status: 'accepted' }));
    const process = await start({ pipeStdin: true });
    await assert.rejects(process.closeStdin(), /no such method/);
    assert.equal(process.stdinOpen, true);
    assert.equal(await process.write(Buffer.from('on')), 'accepted');
  });

  it('is lost with the reason when its host is, and says so to who types', async () => {
    const process = await start();
    server.send(outputOf(process.clientProcessId, 1, 'a'));
    await arrived();
    server.cut();
    await untilClosed(process);
    assert.equal(process.state, 'lost');
    assert.match(process.problem ?? '', /^exec-server transport disconnected: the pair: cut/);
    assert.equal(await process.write(Buffer.from('x')), 'stdinClosed');
    assert.equal(textOf(eventsOf(process)), 'a');
  });

  it('that was seen to exit keeps its exit code when its host is lost', async () => {
    const process = await start();
    server.send(exitOf(process.clientProcessId, 1, 7));
    await arrived();
    server.cut();
    await untilClosed(process);
    assert.deepEqual([process.state, process.exitCode], ['exited', 7]);
    assert.match(process.problem ?? '', /^exec-server transport disconnected/);
  });

  it('empty output has its number, and nothing else is lost by it', async () => {
    const process = await start();
    server.send(
      outputOf(process.clientProcessId, 1, 'a'),
      outputOf(process.clientProcessId, 2, ''),
      outputOf(process.clientProcessId, 3, 'b'),
      exitOf(process.clientProcessId, 4),
      closeOf(process.clientProcessId, 5),
    );
    await untilClosed(process);
    assert.deepEqual(
      eventsOf(process).map(({ seq }) => seq),
      [1, 3, 4, 5],
    );
    assert.equal(process.droppedBytes, 0);
  });

  it('that floods before it answers the start: the newest is kept, the rest is counted', async () => {
    server.answers.set('process/start', ({ processId }) => {
      for (let seq = 1; seq <= 8; seq++)
        server.send(outputOf(String(processId), seq, Buffer.alloc(MIB, seq)));
      return { processId };
    });
    const process = await start();
    assert.equal(process.totalBytes, 8 * MIB);
    const { chunks, nextSeq, droppedBytes } = await process.read();
    assert.deepEqual([chunks.map(({ seq }) => seq), nextSeq, droppedBytes], [[8], 9, 7 * MIB]);
  });

  it('a paused reader holds the whole connection back, loses nothing, and a kill lets go', async () => {
    const process = await start();
    const { clientProcessId: processId } = process;
    const got: number[] = [];
    const subscription = process.subscribe((event) => void got.push(event.seq));
    subscription.pause();
    for (let seq = 1; seq <= 20; seq++) server.send(outputOf(processId, seq, Buffer.alloc(MIB, seq)));
    await arrived();
    assert.deepEqual(got, []);
    const answer = box.ping();
    await arrived();
    assert.equal(await Promise.race([answer, Promise.resolve('none yet')]), 'none yet');
    subscription.resume();
    await answer;
    assert.deepEqual(
      got,
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    subscription.pause();
    for (let seq = 21; seq <= 40; seq++) server.send(outputOf(processId, seq, Buffer.alloc(MIB, seq)));
    await arrived();
    server.answers.set('process/terminate', () => {
      server.send(exitOf(processId, 41, 137), closeOf(processId, 42));
      return { running: true };
    });
    assert.deepEqual(await process.stop({ from: 'kill', by: 'person' }), []);
    await untilClosed(process);
    assert.equal(got.length, 42);
  });

  it('an interrupt of which nobody knows whether it was sent is told', async () => {
    server.answers.set('process/signal', () => SILENCE);
    const process = await start();
    const sent = process.interrupt();
    await arrived();
    server.cut();
    await assert.rejects(sent, /nobody knows whether it was done|transport disconnected/);
  });
});
