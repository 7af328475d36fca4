import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { DisconnectedError, ExecServerClient } from '../../../src/client';
import { RpcError } from '../../../src/protocol';
import { arrived, paramsOf, ScriptedServer, SILENCE, type Request } from './scriptedServer';

const MIB = 1024 * 1024;

const pieceOf = (bytes: string | Buffer, ended = false): object => ({
  chunk: Buffer.from(bytes).toString('base64'),
  ended,
});

describe('a connection to a port of another machine', () => {
  let server: ScriptedServer;
  let client: ExecServerClient;
  let port: Duplex;
  let errors: Error[];
  beforeEach(async () => {
    server = new ScriptedServer();
    server.answers.set('port/read', () => SILENCE);
    client = await ExecServerClient.connect({ connector: server });
    const child = await client.start(paramsOf('p'), () => undefined);
    port = await child.connect(80);
    errors = [];
    port.on('error', (error) => errors.push(error));
  });
  afterEach(async () => {
    port.destroy();
    await server.ruin();
    await client[Symbol.asyncDispose]();
  });

  const asked = (method: string): Request[] => server.requests.filter((request) => request.method === method);

  it('is opened under an id of its own, by which all is asked', async () => {
    const [{ params: opened } = assert.fail()] = asked('port/open');
    assert.deepEqual(opened, { processId: 'p', connectionId: opened['connectionId'], port: 80 });
    port.resume();
    port.write('x');
    await arrived();
    for (const method of ['port/read', 'port/write'])
      assert.equal(asked(method)[0]?.params['connectionId'], opened['connectionId'], method);
    const other = await (await client.start(paramsOf('q'), () => undefined)).connect(81);
    assert.notEqual(asked('port/open')[1]?.params['connectionId'], opened['connectionId']);
    other.destroy();
  });

  it('gives what comes, byte for byte, and its end', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
    const answers = [pieceOf(bytes), pieceOf(bytes), pieceOf('', true)];
    server.answers.set('port/read', () => answers.shift());
    const got: Buffer[] = [];
    port.on('data', (chunk: Buffer) => got.push(chunk));
    await once(port, 'end');
    assert.deepEqual(Buffer.concat(got), Buffer.concat([bytes, bytes]));
    assert.equal(asked('port/read').length, 3, 'nothing is asked for behind the end');
  });

  it('asks for no more than what fits while nobody reads, so that the other end is held back', async () => {
    const piece = Buffer.alloc(port.readableHighWaterMark, 'x');
    server.answers.set('port/read', () => pieceOf(piece));
    await arrived();
    assert.equal(asked('port/read').length, 0, 'nobody has wanted any');
    port.once('readable', () => undefined);
    await arrived();
    assert.equal(asked('port/read').length, 1);
    assert.deepEqual(port.read(), piece);
    await arrived();
    assert.equal(asked('port/read').length, 2);
  });

  it('writes pieces of 1 MiB, one after the other as each is taken', async () => {
    let taken = false;
    server.answers.set('port/write', () => SILENCE);
    port.write(Buffer.concat([Buffer.alloc(MIB, 1), Buffer.alloc(3, 2)]), () => (taken = true));
    await arrived();
    const pieces = () =>
      asked('port/write').map(({ params }) => Buffer.from(String(params['chunk']), 'base64'));
    assert.deepEqual(
      pieces().map(({ length }) => length),
      [MIB],
    );
    server.answers.set('port/write', () => ({}));
    server.send({ id: asked('port/write')[0]?.id, result: {} });
    await arrived();
    assert.deepEqual(pieces()[1], Buffer.alloc(3, 2));
    assert.equal(taken, true);
  });

  it('tells the server when it is over here', async () => {
    port.destroy();
    await arrived();
    assert.equal(asked('port/close').length, 1);
    assert.equal(errors.length, 0);
  });

  it('ends with the words of the server when that refuses to read or to write', async () => {
    const child = await client.start(paramsOf('q'), () => undefined);
    for (const method of ['port/read', 'port/write']) {
      server.answers.set(method, () => {
        throw new RpcError(-32603, `no ${method}`);
      });
      const other = await child.connect(80);
      const failed = once(other, 'error') as Promise<[Error]>;
      if (method === 'port/read') other.resume();
      else other.write('x');
      assert.equal((await failed)[0].message, `no ${method}`);
      assert.equal(other.destroyed, true);
    }
  });

  it('ends with an answer that makes no sense', async () => {
    const child = await client.start(paramsOf('q'), () => undefined);
    for (const answer of [null, {}, { chunk: 1 }]) {
      server.answers.set('port/read', () => answer);
      const other = await child.connect(80);
      const failed = once(other, 'error') as Promise<[Error]>;
      other.resume();
      assert.match((await failed)[0].message, /answer to port\/read makes no sense/);
    }
  });

  it('breaks with the connection to that machine, reads and writes, and is not taken up again', async () => {
    const failed = once(port, 'error') as Promise<[Error]>;
    server.answers.set('port/write', () => SILENCE);
    const written = new Promise<unknown>((resolve) => port.write('x', resolve));
    port.resume();
    await arrived();
    server.cut();
    assert.ok((await failed)[0] instanceof DisconnectedError);
    assert.ok((await written) instanceof Error);
    await arrived();
    assert.equal(asked('port/read').length, 1);
    assert.equal(asked('port/write').length, 1);
  });
});
