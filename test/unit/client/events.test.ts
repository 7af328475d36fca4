import assert from 'node:assert/strict';
import { DisconnectedError, ExecServerClient } from '../../../src/client';
import type { ExecProcessEvent } from '../../../src/model';
import { RpcError } from '../../../src/protocol';
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

describe('the events of a process that a client started', () => {
  let server: ScriptedServer;
  let client: ExecServerClient;
  let events: ExecProcessEvent[];
  beforeEach(async () => {
    server = new ScriptedServer();
    client = await ExecServerClient.connect({ connector: server });
    events = [];
  });
  afterEach(async () => {
    await server.ruin();
    await client[Symbol.asyncDispose]();
  });

  const start = (processId = 'p', to = events) =>
    client.start(paramsOf(processId), (event) => to.push(event));
  const reads = (): unknown[] =>
    server.requests.filter(({ method }) => method === 'process/read').map(({ params }) => params['afterSeq']);

  it('come before the answer to its start as well, and end with the close', async () => {
    server.answers.set('process/start', ({ processId }) => {
      server.send(outputOf('p', 1, 'first'));
      return { processId };
    });
    await start();
    server.send(exitOf('p', 2, 3), closeOf('p', 3), outputOf('p', 4, 'after'), outputOf('q', 1, 'other'));
    await arrived();
    assert.equal(wordsOf(events), 'first exited@2 closed@3');
  });

  it('come in their order, each once, however they arrive; nothing is asked for within 100 ms', async () => {
    using clock = new FakeClock();
    await start();
    server.send(outputOf('p', 3, 'three'), outputOf('p', 2, 'two'), outputOf('p', 3, 'again'));
    await clock.pass(99);
    server.send(outputOf('p', 1, 'one'));
    await arrived();
    await clock.pass(200);
    assert.deepEqual([wordsOf(events), reads()], ['one two three', []]);
  });

  it('that does not come within 100 ms is asked for, once', async () => {
    using clock = new FakeClock();
    server.answers.set('process/read', () => pageOf(2, ['two', 'three'], 4));
    await start();
    server.send(outputOf('p', 1, 'one'), outputOf('p', 3, 'three'));
    await arrived();
    await clock.pass(99);
    assert.equal(wordsOf(events), 'one');
    await clock.pass(1);
    await clock.until(() => events.length === 3);
    assert.deepEqual([wordsOf(events), reads()], ['one two three', [1]]);
  });

  it('that were missed during a break are fetched page by page, and none comes twice', async () => {
    const pages = [
      pageOf(2, ['two', 'three'], 4),
      pageOf(4, ['four'], 5, { exited: true, exitCode: 7 }),
      pageOf(6, [], 7, { exited: true, exitCode: 7, closed: true }),
    ];
    server.answers.set('process/read', () => {
      if (pages.length === 2) server.send(outputOf('p', 3, 'three'), outputOf('p', 4, 'four'));
      return pages.shift();
    });
    await start();
    server.send(outputOf('p', 1, 'one'));
    await arrived();
    server.cut();
    await arrived();
    assert.equal(wordsOf(events), 'one two three four exited@5 closed@6');
    assert.deepEqual(reads(), [1, 3, 4]);
  });

  it('are fetched to the end although the line breaks again under the reads', async () => {
    let cuts = 0;
    const all = ['one', 'two', 'three'];
    server.answers.set('process/read', ({ afterSeq }) => {
      if (++cuts < 4) {
        server.cut();
        return SILENCE;
      }
      const seen = Number(afterSeq);
      return pageOf(seen + 1, all.slice(seen, seen + 1), Math.min(seen + 2, 4));
    });
    await start();
    server.cut();
    await arrived();
    await arrived();
    assert.equal(wordsOf(events), 'one two three');
  });

  it('that the server no longer has are told as dropped, and what follows comes', async () => {
    server.answers.set('process/read', ({ afterSeq }) =>
      Number(afterSeq) < 9 ? pageOf(9, ['nine'], 10) : pageOf(10, [], 10),
    );
    await start();
    server.send(outputOf('p', 1, 'one'));
    await arrived();
    server.cut();
    await arrived();
    server.send(outputOf('p', 10, 'ten'));
    await arrived();
    assert.equal(wordsOf(events), 'one dropped@8 nine ten');
  });

  it('end in a failure where the server has forgotten the process; other processes go on', async () => {
    server.answers.set('process/read', ({ processId }) => {
      if (processId === 'kept') return pageOf(1, [], 1);
      throw new RpcError(-32600, 'unknown process id p');
    });
    const kept: ExecProcessEvent[] = [];
    await start();
    await start('kept', kept);
    server.cut();
    await arrived();
    const [failed] = events;
    assert.ok(failed?.type === 'failed' && events.length === 1);
    assert.equal(
      failed.message,
      'exec-server transport disconnected: the server does not know process p any more (unknown process id p)',
    );
    server.send(outputOf('kept', 1, 'on'));
    await arrived();
    assert.equal(wordsOf(kept), 'on');
  });

  it('end in a failure where an answer to a read makes no sense', async () => {
    server.answers.set('process/read', () => ({ chunks: 'none' }));
    await start();
    server.cut();
    await arrived();
    assert.match((events[0] as { message: string }).message, /the server’s answer to process\/read makes no/);
  });

  describe('whose start', () => {
    it('is refused: its id is free again, and nothing that comes for it reaches anybody', async () => {
      server.answers.set('process/start', () => {
        server.send(exitOf('p', 2), closeOf('p', 3));
        throw new RpcError(-32603, 'no such program');
      });
      await assert.rejects(start(), { name: 'RpcError', code: -32603, message: 'no such program' });
      server.send(outputOf('p', 1, 'late'));
      await arrived();
      server.answers.set('process/start', () => ({}));
      const second: ExecProcessEvent[] = [];
      await start('p', second);
      server.send(outputOf('p', 1, 'mine'));
      await arrived();
      assert.deepEqual([wordsOf(events), wordsOf(second)], ['', 'mine']);
    });

    it('has an id that still runs, or a folder that is none: nothing is sent', async () => {
      await start();
      await assert.rejects(start(), /^Error: process p already exists$/);
      await assert.rejects(
        client.start(paramsOf('q', { cwd: 'here' }), () => undefined),
        /cwd must be an absolute path/,
      );
      assert.deepEqual(server.methods, ['process/start']);
      server.send(exitOf('p', 1), closeOf('p', 2));
      await arrived();
      await start();
    });

    it('was under way when the line broke is found by asking, every 100 ms while it is starting', async () => {
      using clock = new FakeClock();
      server.answers.set('process/start', () => SILENCE);
      let asked = 0;
      server.answers.set('process/read', () => {
        if (++asked < 4) throw new RpcError(-32600, 'process id p is starting');
        return asked === 4 ? pageOf(1, ['up'], 2) : pageOf(2, [], 2);
      });
      const starting = start();
      await arrived();
      server.cut();
      await arrived();
      assert.equal(asked, 1);
      await clock.pass(99);
      assert.equal(asked, 1);
      await clock.through(starting);
      await clock.until(() => asked === 5);
      assert.equal(wordsOf(events), 'up');
      assert.equal(server.methods.filter((method) => method === 'process/start').length, 1);
    });

    it('got lost with the line, is told so: it does not run', async () => {
      server.deaf = true;
      const starting = start();
      starting.catch(() => undefined);
      await arrived();
      server.deaf = false;
      server.answers.set('process/read', () => {
        throw new RpcError(-32600, 'unknown process id p');
      });
      server.cut();
      await assert.rejects(starting, (error) => {
        assert.ok(error instanceof DisconnectedError);
        assert.match(error.message, /before process p was started; it does not run$/);
        return true;
      });
    });

    it('is asked for while there is no connection goes out with the next, and nothing is fetched', async () => {
      server.answers.set('initialize', () => SILENCE);
      server.cut();
      await arrived();
      const starting = start();
      await arrived();
      server.answers.set('initialize', () => ({ sessionId: 's' }));
      server.cut();
      using clock = new FakeClock();
      await clock.through(starting);
      await arrived();
      assert.deepEqual(server.methods, ['process/start']);
    });
  });
});
