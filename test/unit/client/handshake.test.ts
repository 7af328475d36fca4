import assert from 'node:assert/strict';
import { ConnectError, ExecServerClient, type ConnectOptions } from '../../../src/client';
import { RpcError } from '../../../src/protocol';
import { FakeClock } from '../../support/clock';
import { arrived, ScriptedServer, SILENCE } from './scriptedServer';

describe('the handshake of a client', () => {
  let server: ScriptedServer;
  beforeEach(() => (server = new ScriptedServer()));

  const connect = (options: ConnectOptions = {}): Promise<ExecServerClient> =>
    ExecServerClient.connect({ connector: server }, options);
  /** The refusal of a connection: its words without their beginning, and whether another attempt is in vain. */
  async function refused(work: Promise<unknown>): Promise<[text: string, isFinal: boolean]> {
    const error = await work.then(
      () => assert.fail('it was connected'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ConnectError, String(error));
    const [, text] = /^cannot connect to the pair: (.*)$/.exec(error.message) ?? assert.fail(error.message);
    await arrived();
    assert.equal(server.isConnected, false, 'nothing is left of the attempt');
    return [text ?? '', error.isFinal];
  }

  it('says who it is and that it resumes nothing', async () => {
    await using client = await connect({ clientName: 'me' });
    assert.deepEqual(server.handshakes, [{ clientName: 'me', resumeSessionId: null }]);
    assert.equal(client.state, 'connected');
    assert.equal(client.problem, undefined);
  });

  it('has what the server tells about itself, and asks for what it does not tell', async () => {
    const info = { cwd: 'file:///there' };
    server.answers.set('initialize', () => ({ sessionId: 's', environmentInfo: info }));
    await using told = await connect();
    assert.deepEqual([told.environmentInfo, server.methods], [info, []]);
    server.answers.set('initialize', () => ({ sessionId: 's' }));
    server.answers.set('environment/info', () => info);
    await using asked = await connect();
    assert.deepEqual([asked.environmentInfo, server.methods], [info, ['environment/info']]);
  });

  it('does without it where the server never tells', async () => {
    server.answers.set('initialize', () => ({ sessionId: 's' }));
    server.answers.set('environment/info', () => SILENCE);
    using clock = new FakeClock();
    await using client = await clock.through(connect({ initializeTimeoutMs: 50 }));
    assert.equal(client.environmentInfo, undefined);
  });

  it('that is refused fails with the server’s words; only a session that is still attached is worth another try', async () => {
    server.answers.set('initialize', () => {
      throw new RpcError(-32600, 'too many sessions');
    });
    assert.deepEqual(await refused(connect()), ['it refused: too many sessions', true]);
    server.answers.set('initialize', () => {
      throw new RpcError(-32010, 'session is attached');
    });
    assert.deepEqual(await refused(connect()), ['it refused: session is attached', false]);
    assert.equal(server.ends, 2, 'what the connector started is ended');
  });

  it('with something that is no exec-server is given up for good, and what it sent is quoted', async () => {
    server.answers.set('initialize', () => ({ serverInfo: {} }));
    const [other, isFinal] = await refused(connect());
    assert.match(other, /answered the handshake in another protocol/);
    assert.equal(isFinal, true);
    server.answers.set('initialize', (params, request) => {
      server.send(request);
      return SILENCE;
    });
    assert.match((await refused(connect()))[0], /^it sends back what it is sent/);
    server.answers.set('initialize', () => {
      server.sendText('\u001b[1mlogin:');
      return SILENCE;
    });
    const [text] = await refused(connect());
    assert.match(text, /^it sent “\[1mlogin:”, which is no message of an exec-server/);
  });

  it('passes over a banner where one is allowed, up to 64 KiB', async () => {
    server = new ScriptedServer({ allowsBanner: true });
    let banner = ['Welcome', 'to the machine'];
    server.answers.set('initialize', () => {
      for (const line of banner) server.sendText(line);
      return { sessionId: 's', environmentInfo: {} };
    });
    await using client = await connect();
    assert.equal(client.state, 'connected');
    await client[Symbol.asyncDispose]();
    banner = Array<string>(70).fill('x'.repeat(1023));
    assert.match((await refused(connect()))[0], /^it sent “x+…”, which is no message/);
  });

  it('is given up when nothing opens within the time, and what opens later is closed', async () => {
    server.stalls = true;
    using clock = new FakeClock();
    const [text, isFinal] = await clock.through(refused(connect()));
    assert.match(text, /^it did not answer within 10 s\./);
    assert.equal(isFinal, false);
  });

  it('is given up when it is not answered within the time; what came is quoted', async () => {
    server = new ScriptedServer({ allowsBanner: true });
    server.answers.set('initialize', () => {
      server.sendText('password?');
      return SILENCE;
    });
    using clock = new FakeClock();
    const [text] = await clock.through(refused(connect({ initializeTimeoutMs: 3000 })));
    assert.match(text, /did not answer the handshake within 3 s; what it sent .* “password\?”/);
  });

  it('fails when the connection ends before it, or cannot be made', async () => {
    server.answers.set('initialize', () => {
      server.cut();
      return SILENCE;
    });
    const [text, isFinal] = await refused(connect());
    assert.match(text, /^the connection ended before the handshake: cut\. Is it an exec-server\?/);
    assert.equal(isFinal, false);
    server.refusal = new ConnectError('nothing listens there', true);
    assert.deepEqual(await refused(connect()), ['nothing listens there', true]);
  });

  it('can be given up before and while it is under way', async () => {
    assert.deepEqual(await refused(connect({ signal: AbortSignal.abort() })), [
      'the attempt was given up',
      false,
    ]);
    assert.equal(server.dials, 0);
    for (const method of ['initialize', 'environment/info']) {
      const abort = new AbortController();
      server.answers.set('initialize', () => ({ sessionId: 's' }));
      server.answers.set(method, () => SILENCE);
      const connecting = refused(connect({ signal: abort.signal }));
      await arrived();
      abort.abort();
      assert.deepEqual((await connecting)[0], 'the attempt was given up', method);
    }
  });

  it('answers what the server asks that it does not know how, and goes on', async () => {
    await using client = await connect();
    server.send({ id: 'q', method: 'client/ask', params: {} });
    await arrived();
    assert.deepEqual(server.requests, [
      { id: 'q', error: { code: -32601, message: 'this client does not answer client/ask' } },
    ]);
    await client.ping();
  });
});
