import assert from 'node:assert/strict';
import { DisconnectedError, ExecServerClient, type RemoteProcess } from '../../../src/client';
import type { ExecProcessEvent } from '../../../src/model';
import { FakeClock } from '../../support/clock';
import {
  arrived,
  closeOf,
  exitOf,
  outputOf,
  pageOf,
  paramsOf,
  ScriptedServer,
  SILENCE,
  wordsOf,
} from './scriptedServer';

let server: ScriptedServer;
let client: ExecServerClient;
let events: ExecProcessEvent[];
beforeEach(async () => {
  server = new ScriptedServer();
  client = await ExecServerClient.connect({ connector: server });
  events = [];
});
const start = (processId = 'p'): Promise<RemoteProcess> =>
  client.start(paramsOf(processId), (event) => events.push(event));

describe('the end of a client', () => {
  const ended = (): unknown[] =>
    server.requests
      .filter(({ method }) => method === 'process/terminate')
      .map(({ params }) => params['processId']);

  it('ends the processes that still run, and their owners see how', async () => {
    server.answers.set('process/terminate', ({ processId }) => {
      server.send(outputOf('p', 1, 'last'), exitOf(String(processId), 2, 137), closeOf(String(processId), 3));
      return { running: true };
    });
    await start('gone');
    await start('p');
    server.send(exitOf('gone', 1));
    await arrived();
    events.length = 0;
    const end = client[Symbol.asyncDispose]();
    await arrived();
    assert.deepEqual(ended(), ['p']);
    server.send(closeOf('gone', 2));
    await end;
    await arrived();
    assert.equal(wordsOf(events), 'last exited@2 closed@3 closed@2');
    assert.deepEqual([client.state, server.isConnected, server.ends], ['closed', false, 1]);
  });

  it('waits at most 2 s for a server that does not end them', async () => {
    using clock = new FakeClock();
    server.answers.set('process/terminate', () => SILENCE);
    await start();
    const end = client[Symbol.asyncDispose]();
    await clock.pass(1990);
    assert.equal(client.state, 'connected');
    await clock.through(end);
    const message = 'exec-server transport disconnected: the client was closed';
    assert.deepEqual(events, [{ type: 'failed', message }]);
  });

  it('is one, however often it is asked for, and refuses whatever comes after it', async () => {
    const both = [client[Symbol.asyncDispose](), client[Symbol.asyncDispose]()];
    await Promise.all(both);
    assert.equal(server.ends, 1);
    await assert.rejects(client.ping(), DisconnectedError);
    await assert.rejects(start(), /the client was closed$/);
    assert.deepEqual(server.methods, []);
  });

  it('of one that is lost asks for nothing', async () => {
    await start();
    await server.ruin();
    await client[Symbol.asyncDispose]();
    assert.deepEqual([ended(), client.state, server.ends], [[], 'lost', 1]);
  });

  it('lets go of a server that was held back', async () => {
    server.answers.set('process/terminate', () => {
      server.send(exitOf('p', 1), closeOf('p', 2));
      return {};
    });
    const child = await start();
    child.holdBack(true);
    const end = client[Symbol.asyncDispose]();
    // Too late: it ends.
    child.holdBack(true);
    await end;
    assert.equal(wordsOf(events), 'exited@1 closed@2');
  });
});

describe('a client whose processes’ owners take no more for a moment', () => {
  afterEach(async () => {
    await server.ruin();
    await client[Symbol.asyncDispose]();
  });

  it('reads nothing until the last of them takes again, and nothing is lost', async () => {
    const one = await start('one');
    const two = await start('two');
    one.holdBack(true);
    two.holdBack(true);
    server.send(outputOf('one', 1, 'a'), outputOf('two', 1, 'b'));
    await arrived();
    one.holdBack(false);
    one.holdBack(false);
    await arrived();
    assert.equal(wordsOf(events), '');
    two.holdBack(false);
    await arrived();
    assert.equal(wordsOf(events), 'a b');
  });

  it('reads nothing on the next connection either', async () => {
    server.answers.set('process/read', () => pageOf(1, ['a'], 2));
    const child = await start();
    child.holdBack(true);
    server.cut();
    await arrived();
    assert.equal(server.handshakes.length, 2);
    assert.equal(wordsOf(events), '');
    child.holdBack(false);
    await arrived();
    assert.equal(wordsOf(events), 'a');
  });

  it('can be held back again by an event that it just got', async () => {
    const child = await client.start(paramsOf('p'), (event) => {
      events.push(event);
      child.holdBack(true);
    });
    server.send(outputOf('p', 1, 'a'), outputOf('p', 2, 'b'));
    await arrived();
    assert.equal(wordsOf(events), 'a');
    child.holdBack(false);
    await arrived();
    assert.equal(wordsOf(events), 'a b');
    child.holdBack(false);
  });
});
