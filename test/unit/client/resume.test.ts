import assert from 'node:assert/strict';
import { ConnectError, DisconnectedError, ExecServerClient, type ConnectOptions } from '../../../src/client';
import type { ExecProcessEvent } from '../../../src/model';
import { FakeClock } from '../../support/clock';
import { arrived, outputOf, paramsOf, ScriptedServer, SILENCE } from './scriptedServer';

const REFUSED = new ConnectError('nothing listens there');

describe('a client whose connection breaks', () => {
  let server: ScriptedServer;
  let client: ExecServerClient;
  let states: string[];
  afterEach(() => client[Symbol.asyncDispose]());

  async function connect(options: ConnectOptions = {}, to = new ScriptedServer()): Promise<void> {
    server = to;
    states = [];
    client = await ExecServerClient.connect({ connector: server }, options);
    client.onDidChange(() => void states.push(client.state));
  }

  it('replaces it with its session, and says so', async () => {
    await connect();
    server.cut();
    await arrived();
    assert.deepEqual(
      server.handshakes.map(({ resumeSessionId }) => resumeSessionId),
      [null, 's'],
    );
    assert.deepEqual(states, ['reconnecting', 'connected']);
    await client.ping();
  });

  it('sends a call again whose repetition does no harm, under its id, and answers it once', async () => {
    await connect();
    server.deaf = true;
    const ping = client.ping();
    await arrived();
    server.deaf = false;
    server.cut();
    await ping;
    server.answers.set('environment/status', () => SILENCE);
    const again = client.ping();
    await arrived();
    const ids = server.requests.map(({ id }) => id);
    server.answers.delete('environment/status');
    server.cut();
    await again;
    assert.equal(server.requests.at(-1)?.id, ids.at(-1));
  });

  it('tells who asked for anything else that nobody knows whether it was done, and does not ask again', async () => {
    await connect();
    server.answers.set('fs/remove', () => SILENCE);
    const call = client.request('fs/remove', {});
    call.catch(() => undefined);
    await arrived();
    server.cut();
    await assert.rejects(call, (error) => {
      assert.ok(error instanceof DisconnectedError);
      assert.match(error.message, /before the answer to fs\/remove; nobody knows whether it was done$/);
      return true;
    });
    await arrived();
    assert.deepEqual(server.methods, ['fs/remove']);
  });

  it('keeps calls that are made meanwhile, and sends them once, in their order', async () => {
    using clock = new FakeClock();
    await connect();
    server.refusal = REFUSED;
    server.cut();
    await arrived();
    assert.equal(client.problem, 'the pair: cut');
    const calls = ['one', 'two', 'three'].map((method) => client.request(method, {}));
    await arrived();
    assert.deepEqual(server.methods, []);
    server.refusal = undefined;
    await clock.through(Promise.all(calls));
    assert.deepEqual(server.methods, ['one', 'two', 'three']);
  });

  it('tries again after 50, 100, 200 … 2000 ms, and is there at once when the server is back', async () => {
    using clock = new FakeClock();
    await connect();
    server.refusal = REFUSED;
    server.cut();
    await arrived();
    const pauses: number[] = [];
    for (let ms = 0, seen = server.dials, last = 0; pauses.length < 8; ms++) {
      assert.ok(ms < 25_000, `only ${pauses.join()}`);
      await clock.pass(1);
      if (server.dials === seen) continue;
      seen = server.dials;
      pauses.push(ms - last);
      last = ms;
    }
    const [first = 0, ...later] = pauses;
    assert.ok(first >= 48 && first <= 50, String(first));
    assert.deepEqual(later, [100, 200, 400, 800, 1600, 2000, 2000]);
    server.refusal = undefined;
    await clock.pass(2000);
    await clock.until(() => client.state === 'connected');
  });

  it('is lost when the time for it is up, also under an attempt that does not end', async () => {
    for (const stalls of [false, true]) {
      using clock = new FakeClock();
      await connect({ resumeWindowMs: 3000, connectTimeoutMs: 60_000 });
      server.refusal = REFUSED;
      server.stalls = stalls;
      server.cut();
      await clock.pass(2900);
      assert.equal(client.state, 'reconnecting');
      await clock.pass(200);
      assert.equal(client.state, 'lost');
      assert.match(
        client.problem ?? '',
        /^exec-server transport disconnected: the pair: cut; failed to resume exec-server session: /,
      );
      const { dials } = server;
      await clock.pass(3000);
      assert.equal(server.dials, dials, 'nothing is tried any more');
      await assert.rejects(client.ping(), DisconnectedError);
    }
  });

  it('has the whole time again at each break', async () => {
    using clock = new FakeClock();
    await connect({ resumeWindowMs: 3000 });
    for (let times = 0; times < 3; times++) {
      server.refusal = REFUSED;
      server.cut();
      await clock.pass(1500);
      assert.equal(client.state, 'reconnecting', `break ${String(times)}`);
      server.refusal = undefined;
      await clock.pass(1000);
      assert.equal(client.state, 'connected');
    }
  });

  it('is lost with what waits: each call and each process is told the reason, once', async () => {
    await connect({ resumeWindowMs: 0 });
    const events: ExecProcessEvent[] = [];
    await client.start(paramsOf('p'), (event) => events.push(event));
    server.answers.set('environment/status', () => SILENCE);
    const ping = client.ping();
    ping.catch(() => undefined);
    await arrived();
    server.cut();
    await assert.rejects(ping, /^DisconnectedError: exec-server transport disconnected: the pair: cut$/);
    server.send(outputOf('p', 1, 'late'));
    await arrived();
    const message = 'exec-server transport disconnected: the pair: cut';
    assert.deepEqual(events, [{ type: 'failed', message }]);
    assert.deepEqual([states, server.dials], [['lost'], 1]);
  });

  for (const [why, ready] of [
    ['leads to another server each time', () => connect({}, new ScriptedServer({ resumes: false }))],
    ['may not be replaced', () => connect({ resumeWindowMs: 0 })],
  ] as const) {
    it(`that ${why}: it is lost at once`, async () => {
      await ready();
      server.cut();
      await arrived();
      assert.deepEqual([client.state, server.dials], ['lost', 1]);
    });
  }

  it('is lost when the server has another session for it, or says that another attempt is in vain', async () => {
    await connect();
    server.answers.set('initialize', () => ({ sessionId: 'another', environmentInfo: {} }));
    server.cut();
    await arrived();
    assert.match(client.problem ?? '', /the server answered with another session$/);
    assert.equal(server.isConnected, false);
    await connect();
    server.refusal = new ConnectError('it refused the token', true);
    server.cut();
    await arrived();
    assert.match(client.problem ?? '', /failed to resume exec-server session: it refused the token$/);
  });

  it('is lost when the server sends what is no message: another connection would bring the same', async () => {
    await connect();
    server.sendText('Segmentation fault');
    await arrived();
    assert.match(client.problem ?? '', /the pair: it sent “Segmentation fault”, which is no message/);
    assert.deepEqual([client.state, server.dials, server.isConnected], ['lost', 1, false]);
  });

  it('and is closed meanwhile: it stays closed, whatever becomes of the attempt', async () => {
    await connect();
    server.answers.set('initialize', () => SILENCE);
    server.cut();
    await arrived();
    assert.equal(client.state, 'reconnecting');
    await client[Symbol.asyncDispose]();
    server.answers.set('initialize', () => ({ sessionId: 's' }));
    await arrived();
    assert.deepEqual([states, server.isConnected], [['reconnecting', 'closed'], false]);
    await assert.rejects(client.ping(), /the client was closed$/);
  });
});
