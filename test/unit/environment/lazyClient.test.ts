import assert from 'node:assert/strict';
import { ConnectError, DisconnectedError } from '../../../src/client';
import { Environment } from '../../../src/environment/environment';
import { ProcessTable } from '../../../src/process/processTable';
import { arrived, closeOf, exitOf, paramsOf, ScriptedServer, SILENCE } from '../client/scriptedServer';
import { OWNER } from '../process/helpers';

describe('the connection to an environment', () => {
  let server: ScriptedServer;
  let table: ProcessTable;
  let box: Environment;
  let states: string[];
  beforeEach(() => {
    server = new ScriptedServer();
    server.answers.set('process/terminate', ({ processId }) => {
      server.send(exitOf(String(processId), 1, 137), closeOf(String(processId), 2));
      return { running: true };
    });
    table = new ProcessTable();
    box = Environment.at('box', { connector: server }, { table, resumeWindowMs: 0 });
    states = [];
    box.onDidChange(() => {
      if (states.at(-1) !== box.state) states.push(box.state);
    });
  });
  afterEach(() => box[Symbol.asyncDispose]());

  const start = (processId = 'p') => box.start(paramsOf(processId), OWNER);

  it('is made by the first use, once for all who use it at the same time', async () => {
    assert.deepEqual([box.state, box.isLocal, box.info, server.dials], ['disconnected', false, undefined, 0]);
    await Promise.all([start('a'), start('b'), box.ping(), box.connect()]);
    assert.deepEqual([server.dials, states], [1, ['connecting', 'connected']]);
    assert.deepEqual(box.info, {});
    await box.connect();
    assert.equal(server.dials, 1);
  });

  it('that cannot be made says which environment and why; the next use tries again', async () => {
    server.refusal = new ConnectError('nothing listens there', true);
    const refused = {
      name: 'ConnectError',
      message: 'environment "box": cannot connect to the pair: nothing listens there',
      isFinal: true,
    };
    await assert.rejects(start(), refused);
    await assert.rejects(box.ping(), refused);
    assert.deepEqual([box.state, box.problem], ['disconnected', refused.message]);
    assert.deepEqual(
      table.list().map(({ state }) => state),
      ['unstarted'],
    );
    server.refusal = undefined;
    await start();
    assert.deepEqual([box.state, box.problem], ['connected', undefined]);
  });

  it('that is lost stays lost for each use, with the reason, until somebody connects', async () => {
    await start();
    await server.ruin();
    assert.equal(box.state, 'lost');
    assert.match(box.problem ?? '', /^exec-server transport disconnected: the pair: it sent “no message”/);
    await assert.rejects(start('q'), DisconnectedError);
    assert.equal(server.dials, 1);
    await box.connect();
    assert.deepEqual([box.state, box.problem, server.dials], ['connected', undefined, 2]);
    await start('q');
  });

  it('given up by one who waits for it is given up for all', async () => {
    server.answers.set('initialize', () => SILENCE);
    const abort = new AbortController();
    const both = [box.connect(abort.signal), start()];
    for (const each of both) each.catch(() => undefined);
    await arrived();
    abort.abort();
    for (const each of both)
      await assert.rejects(
        each,
        /^ConnectError: environment "box": cannot connect to the pair: the attempt was/,
      );
    await assert.rejects(box.connect(AbortSignal.abort()), /the attempt was given up$/);
    assert.equal(box.state, 'disconnected');
  });

  it('ends with the processes there when it is told to; the next use makes a new one', async () => {
    const process = await start();
    await box.disconnect();
    assert.deepEqual([box.state, box.problem, process.closed], ['disconnected', undefined, true]);
    await start();
    assert.deepEqual(server.dials, 2);
  });

  it('that is being made is given up when it is told to end', async () => {
    server.answers.set('initialize', () => SILENCE);
    const connecting = box.connect();
    connecting.catch(() => undefined);
    await arrived();
    await box.disconnect();
    await assert.rejects(connecting, /the attempt was given up$/);
    assert.deepEqual([box.state, box.problem], ['disconnected', undefined]);
  });

  it('is not made any more once the environment was disposed of', async () => {
    await box.connect();
    await box[Symbol.asyncDispose]();
    await assert.rejects(start(), /^ConnectError: environment "box": it was removed$/);
    await assert.rejects(box.ping(), /it was removed$/);
    assert.equal(server.dials, 1);
  });

  it('tells nothing to who has stopped to listen', async () => {
    let calls = 0;
    box.onDidChange(() => calls++)();
    await box.connect();
    assert.equal(calls, 0);
  });
});
