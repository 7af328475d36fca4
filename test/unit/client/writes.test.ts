import assert from 'node:assert/strict';
import { DisconnectedError, ExecServerClient, type RemoteProcess } from '../../../src/client';
import { RpcError } from '../../../src/protocol';
import { arrived, paramsOf, ScriptedServer, SILENCE } from './scriptedServer';

const MIB = 1024 * 1024;

describe('what a client sends to a process', () => {
  let server: ScriptedServer;
  let client: ExecServerClient;
  let child: RemoteProcess;
  beforeEach(async () => {
    server = new ScriptedServer();
    server.answers.set('process/write', () => ({ status: 'accepted' }));
    server.answers.set('process/closeStdin', () => ({ status: 'accepted' }));
    client = await ExecServerClient.connect({ connector: server });
    child = await client.start(paramsOf('p', { pipeStdin: true }), () => undefined);
    server.requests.length = 0;
  });
  afterEach(async () => {
    await server.ruin();
    await client[Symbol.asyncDispose]();
  });

  /** Each write that came: its id, how many bytes, the first of them. */
  const writes = (): [id: unknown, bytes: number, first: number | undefined][] =>
    server.requests
      .filter(({ method }) => method === 'process/write')
      .map(({ params }) => {
        const bytes = Buffer.from(String(params['chunk']), 'base64');
        return [params['writeId'], bytes.length, bytes[0]];
      });
  const bytesOf = (...parts: readonly number[]): Buffer =>
    Buffer.concat(parts.map((length, index) => Buffer.alloc(length, index)));

  it('is cut into pieces of 1 MiB, each with an id of its own', async () => {
    assert.equal(await child.write(bytesOf(MIB, MIB, 5)), 'accepted');
    const other = await client.start(paramsOf('q'), () => undefined);
    assert.equal(await other.write(Buffer.alloc(0)), 'accepted');
    assert.deepEqual(writes(), [
      ['w1', MIB, 0],
      ['w2', MIB, 1],
      ['w3', 5, 2],
      ['w4', 0, undefined],
    ]);
  });

  it('keeps its order: each goes out when the one before is answered', async () => {
    server.answers.set('process/write', () => SILENCE);
    const first = child.write(Buffer.from('1'));
    const second = child.write(Buffer.from('2'));
    const end = child.closeStdin();
    await arrived();
    assert.deepEqual(server.methods, ['process/write']);
    const [{ id } = assert.fail()] = server.requests;
    server.answers.set('process/write', () => ({ status: 'accepted' }));
    server.send({ id, result: { status: 'accepted' } });
    assert.deepEqual(await Promise.all([first, second, end]), ['accepted', 'accepted', 'accepted']);
    assert.deepEqual(server.methods, ['process/write', 'process/write', 'process/closeStdin']);
  });

  it('is what it was when it was given, whatever becomes of the caller’s memory', async () => {
    const bytes = Buffer.from('a');
    const written = child.write(bytes);
    bytes.fill('z');
    await written;
    assert.deepEqual(writes(), [['w1', 1, 97]]);
  });

  it('ends with the first piece that is not accepted', async () => {
    for (const status of ['stdinClosed', 'unknownProcess', 'starting']) {
      server.requests.length = 0;
      server.answers.set('process/write', () => ({ status }));
      assert.equal(await child.write(bytesOf(MIB, 1)), status);
      assert.equal(writes().length, 1);
    }
  });

  it('goes out again with its id when the answer was lost with the line', async () => {
    server.answers.set('process/write', () => SILENCE);
    const written = child.write(Buffer.from('x'));
    await arrived();
    server.answers.set('process/write', () => ({ status: 'accepted' }));
    server.answers.set('process/read', () => ({ chunks: [], nextSeq: 1 }));
    server.cut();
    assert.equal(await written, 'accepted');
    assert.equal(await child.write(Buffer.from('y')), 'accepted');
    assert.deepEqual(writes(), [
      ['w1', 1, 120],
      ['w1', 1, 120],
      ['w2', 1, 121],
    ]);
  });

  it('that is refused, or answered with nonsense, is told so, and the next one goes on', async () => {
    server.answers.set('process/write', () => {
      throw new RpcError(-32600, 'stdin is full');
    });
    await assert.rejects(child.write(Buffer.from('x')), { code: -32600, message: 'stdin is full' });
    for (const nonsense of [null, [], {}, { status: 'done' }]) {
      server.answers.set('process/write', () => nonsense);
      await assert.rejects(child.write(Buffer.from('x')), /answer to a write makes no sense/);
    }
    server.answers.set('process/write', () => ({ status: 'accepted' }));
    assert.equal(await child.write(Buffer.from('x')), 'accepted');
    server.answers.set('process/closeStdin', () => {
      throw new RpcError(-32601, 'no such method');
    });
    await assert.rejects(child.closeStdin(), { code: -32601 });
    assert.equal(await child.write(Buffer.from('x')), 'accepted');
  });

  it('rejects when the server is lost under it', async () => {
    server.answers.set('process/write', () => SILENCE);
    const written = child.write(bytesOf(MIB, 1));
    const queued = child.write(Buffer.from('x'));
    for (const each of [written, queued]) each.catch(() => undefined);
    await arrived();
    server.sendText('garbage');
    for (const each of [written, queued, child.write(Buffer.from('y'))])
      await assert.rejects(each, DisconnectedError);
  });

  it('tells whether a kill met it running, and carries signals and sizes', async () => {
    server.answers.set('process/terminate', () => ({ running: true }));
    assert.equal(await child.terminate(), true);
    server.answers.set('process/terminate', () => ({}));
    assert.equal(await child.terminate(), false);
    await child.signal('interrupt');
    await child.resize({ rows: 3, cols: 7 });
    assert.deepEqual(
      server.requests.slice(2).map(({ method, params }) => [method, params]),
      [
        ['process/signal', { processId: 'p', signal: 'interrupt' }],
        ['process/resize', { processId: 'p', rows: 3, cols: 7 }],
      ],
    );
  });

  it('is asked once whether it can be resized; a break does not count as an answer', async () => {
    server.answers.set('process/resize', () => {
      throw new RpcError(-32600, 'unknown process id -');
    });
    assert.deepEqual(await Promise.all([client.canResize(), client.canResize()]), [true, true]);
    assert.deepEqual(server.methods, ['process/resize']);
    const other = await ExecServerClient.connect({ connector: server }, { resumeWindowMs: 0 });
    server.answers.set('process/resize', () => {
      throw new RpcError(-32601, 'no such method');
    });
    assert.equal(await other.canResize(), false);
    await other[Symbol.asyncDispose]();
  });

  it('is not sent at all beyond 60 Mi characters: the bound is named, and the connection goes on', async () => {
    await assert.rejects(
      client.request('fs/writeFile', { dataBase64: 'a'.repeat(60 * MIB) }),
      /^RangeError: fs\/writeFile has \d+ characters; the limit is 62914560$/,
    );
    assert.deepEqual(server.requests, []);
    await client.ping();
  });
});
