import assert from 'node:assert/strict';
import { DisconnectedError } from '../../../src/client';
import { Environment } from '../../../src/environment/environment';
import type { ExecProcess } from '../../../src/environment/execBackend';
import type { ExecParams, ExecProcessEvent } from '../../../src/model';
import { ProcessTable } from '../../../src/process/processTable';
import { RpcError } from '../../../src/protocol';
import { FakeClock } from '../../support/clock';
import {
  arrived,
  closeOf,
  exitOf,
  outputOf,
  paramsOf,
  ScriptedServer,
  SILENCE,
  wordsOf,
} from '../client/scriptedServer';

describe('the library’s handle of a process elsewhere', () => {
  let server: ScriptedServer;
  let box: Environment;
  beforeEach(() => {
    server = new ScriptedServer();
    server.answers.set('process/write', () => ({ status: 'accepted' }));
    const options = { table: new ProcessTable({ maxFinished: 0 }), resumeWindowMs: 0 };
    box = Environment.at('box', { connector: server }, options);
  });
  afterEach(async () => {
    await server.ruin();
    await box[Symbol.asyncDispose]();
  });

  const start = async (more: Partial<ExecParams> = {}): Promise<ExecProcess> =>
    (await box.getExecBackend().start(paramsOf('p', { pipeStdin: true, ...more }))).process;
  async function collect(process: ExecProcess): Promise<ExecProcessEvent[]> {
    const events: ExecProcessEvent[] = [];
    for await (const event of process.subscribeEvents()) events.push(event);
    return events;
  }

  it('needs a program, and an id that no other one has which still runs', async () => {
    await assert.rejects(start({ argv: [] }), /^Error: argv must not be empty$/);
    const starting = start();
    await assert.rejects(start(), /^Error: process p already exists$/);
    await starting;
    await assert.rejects(start(), /^Error: process p already exists$/);
    server.send(exitOf('p', 1), closeOf('p', 2));
    await arrived();
    await start();
  });

  it('frees the id of a start that was refused, with the server’s words', async () => {
    server.answers.set('process/start', () => {
      throw new RpcError(-32603, 'No such file or directory (os error 2)');
    });
    await assert.rejects(start(), /No such file or directory \(os error 2\)$/);
    server.answers.set('process/start', () => ({}));
    await start();
  });

  it('brings its events to each who wants them, late ones too, and their end', async () => {
    const process = await start();
    const live = collect(process);
    server.send(outputOf('p', 1, 'one'), exitOf('p', 2, 3), outputOf('p', 3, 'late'), closeOf('p', 4));
    assert.equal(wordsOf(await live), 'one exited@2 late closed@4');
    assert.equal(wordsOf(await collect(process)), 'one exited@2 late closed@4');
  });

  it('reads what is there, and waits for news no longer than it is told', async () => {
    using clock = new FakeClock();
    const process = await clock.through(start());
    let wakes = 0;
    const stop = process.subscribeWake(() => wakes++);
    const nothing = await clock.through(process.read(0, undefined, 1000));
    assert.deepEqual(
      [nothing.chunks, nothing.nextSeq, nothing.exited, nothing.failure],
      [[], 1, false, null],
    );
    const news = process.read(0, undefined, 60_000);
    server.send(outputOf('p', 1, 'one'));
    assert.equal((await news).chunks.length, 1);
    server.send(outputOf('p', 2, 'two'), exitOf('p', 3, 7));
    await arrived();
    const { chunks, nextSeq, exited, exitCode } = await process.read(0, 1);
    assert.deepEqual([chunks.length, nextSeq, exited, exitCode], [1, 2, true, 7]);
    assert.equal((await process.read(1)).chunks[0]?.seq, 2);
    assert.equal(wakes, 3);
    stop();
    server.send(closeOf('p', 4));
    await arrived();
    assert.equal(wakes, 3);
  });

  it('of a server that is lost says so to each reader, writer and listener; what it got before stays', async () => {
    const process = await start();
    const events = collect(process);
    server.send(outputOf('p', 1, 'one'));
    await arrived();
    await server.ruin();
    const failure = /^exec-server transport disconnected: the pair: it sent “no message”/;
    const result = await process.read();
    assert.deepEqual(
      [result.chunks.length, result.exited, result.exitCode, result.closed],
      [1, false, null, true],
    );
    assert.match(result.failure ?? '', failure);
    const [output, failed] = await events;
    assert.equal(output?.type, 'output');
    assert.ok(failed?.type === 'failed');
    assert.match(failed.message, failure);
    for (const act of [process.write(Buffer.from('x')), process.closeStdin()])
      await assert.rejects(act, (error) => error instanceof DisconnectedError && failure.test(error.message));
  });

  it('that had exited when its server was lost keeps its exit', async () => {
    const process = await start();
    server.send(exitOf('p', 1, 7));
    await arrived();
    await server.ruin();
    const { exited, exitCode, failure } = await process.read();
    assert.deepEqual([exited, exitCode, failure === null], [true, 7, false]);
    assert.equal(wordsOf(await collect(process)), 'exited@1 failed');
  });

  it('writes in order, and tells what the server says of it', async () => {
    const process = await start();
    const first = process.write(Buffer.from('1'));
    assert.deepEqual(await Promise.all([first, process.write(Buffer.from('2'))]), [
      { status: 'accepted' },
      { status: 'accepted' },
    ]);
    const chunks = server.requests.filter(({ method }) => method === 'process/write');
    assert.deepEqual(
      chunks.map(({ params }) => Buffer.from(String(params['chunk']), 'base64').toString()),
      ['1', '2'],
    );
    server.answers.set('process/write', () => ({ status: 'stdinClosed' }));
    assert.deepEqual(await process.write(Buffer.from('3')), { status: 'stdinClosed' });
  });

  it('ends its process when it is disposed of', async () => {
    using clock = new FakeClock();
    const process = await clock.through(start());
    server.answers.set('process/terminate', () => SILENCE);
    const end = process[Symbol.asyncDispose]();
    await clock.until(() => server.methods.includes('process/terminate'));
    server.send(exitOf('p', 1, 137), closeOf('p', 2));
    await clock.through(Promise.resolve(end));
    assert.equal((await process.read()).exitCode, 137);
  });
});
