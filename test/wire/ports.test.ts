import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { ours } from './cases.js';
import type { Client, Json } from './client.js';
import { b64, Proc, type Session } from './session.js';

const MIB = 1024 * 1024;

/** Where it listens, once it has said so. */
const portOf = async (proc: Proc): Promise<number> => {
  await proc.until(/port \d+\n/);
  return Number(/port (\d+)/.exec(proc.text('stdout'))?.[1]);
};
/** A server there that does this with each connection. */
const serving = (session: Session, onSocket: string, host = '127.0.0.1'): Promise<Proc> =>
  session.start([
    process.execPath,
    '-e',
    `require('net').createServer({ allowHalfOpen: true }, (socket) => { ${onSocket} })
      .listen(0, '${host}', function () { console.log('port ' + this.address().port); })`,
  ]);
const readAll = async (client: Client, connectionId: string): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for (;;) {
    const { chunk, ended } = (await client.call('port/read', { connectionId })) as Json & { chunk: string };
    chunks.push(Buffer.from(chunk, 'base64'));
    if (ended === true) return Buffer.concat(chunks);
  }
};
const refused = async (client: Client, method: string, params: Json): Promise<string> => {
  const { code, message } = await client.fails(method, params);
  assert.equal(code, -32600);
  return message;
};

describe('connections to ports of processes', () => {
  ours('ports: bytes go both ways as they are, and the end is told', async (t) => {
    const session = await t.session();
    const { client } = session;
    const proc = await serving(
      session,
      `const hash = require('crypto').createHash('sha256'); let bytes = 0;
       socket.on('data', (data) => { hash.update(data); bytes += data.length;
         if (bytes === ${8 * MIB}) { socket.write(Buffer.alloc(${8 * MIB}, 'x')); socket.end(hash.digest('hex')); } });`,
    );
    const open = { processId: proc.id, connectionId: 'c', port: await portOf(proc) };
    assert.deepEqual(await client.call('port/open', open), {});
    const sent = randomBytes(8 * MIB);
    for (let at = 0; at < sent.length; at += MIB)
      await client.call('port/write', {
        connectionId: 'c',
        chunk: sent.subarray(at, at + MIB).toString('base64'),
      });
    const all = await readAll(client, 'c');
    assert.equal(all.length, 8 * MIB + 64);
    assert.ok(all.subarray(0, 8 * MIB).every((byte) => byte === 120));
    assert.equal(all.subarray(-64).toString(), createHash('sha256').update(sent).digest('hex'));
    assert.match(await refused(client, 'port/read', { connectionId: 'c' }), /unknown connection `c`/);
  });

  ours('ports: also of what came of the process, and of the sixth version', async (t) => {
    const session = await t.session();
    const script = `require('net').createServer((socket) => socket.end('six')).listen(0, '::1', function () {
      console.log('port ' + this.address().port); })`;
    const argv = ['/bin/sh', '-c', 'setsid "$0" -e "$1" & wait', process.execPath, script];
    const proc = await session.start(argv);
    const open = { processId: proc.id, connectionId: 'c', port: await portOf(proc) };
    await session.client.call('port/open', open);
    assert.equal((await readAll(session.client, 'c')).toString(), 'six');
  });

  ours('ports: none on which it does not listen, and none of another session', async (t) => {
    const session = await t.session();
    const { client } = session;
    const stranger = createServer((socket) => socket.end('secret'));
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    t.defer(() => new Promise((resolve) => stranger.close(resolve)));
    const { port } = stranger.address() as AddressInfo;
    const proc = await session.start(['sleep', '600']);
    assert.equal(
      await refused(client, 'port/open', { processId: proc.id, connectionId: 'c', port }),
      `nothing of process ${proc.id} listens on port ${port} of this machine`,
    );
    const serves = await serving(session, 'socket.end()');
    const open = { processId: serves.id, connectionId: 'c', port: await portOf(serves) };
    const other = await t.session();
    assert.match(await refused(other.client, 'port/open', open), /unknown process id/);
    await client.call('port/open', open);
    assert.match(await refused(other.client, 'port/read', { connectionId: 'c' }), /unknown connection/);
  });

  ours('ports: a read that waits holds nobody up, and ends with close and with the process', async (t) => {
    const session = await t.session();
    const { client } = session;
    const proc = await serving(session, '');
    const open = { processId: proc.id, port: await portOf(proc) };
    for (const connectionId of ['a', 'b']) await client.call('port/open', { ...open, connectionId });
    const [a, b] = ['a', 'b'].map((connectionId) => client.call('port/read', { connectionId }));
    assert.match(await refused(client, 'port/read', { connectionId: 'a' }), /is being read already/);
    assert.equal((await client.call('environment/status'))['status'], 'ready');
    await client.call('port/close', { connectionId: 'a' });
    assert.deepEqual(await a, { chunk: '', ended: true });
    await client.call('process/terminate', { processId: proc.id });
    assert.deepEqual(await b, { chunk: '', ended: true });
  });

  ours('ports: bounds name themselves: ids, connections, what is written at once', async (t) => {
    const session = await t.session();
    const { client } = session;
    const proc = await serving(session, 'socket.on("data", () => 0)');
    const open = { processId: proc.id, port: await portOf(proc) };
    const long = { ...open, connectionId: 'c'.repeat(33) };
    assert.equal(await refused(client, 'port/open', long), 'connectionId must not exceed 32 bytes');
    for (let i = 0; i < 64; i++) await client.call('port/open', { ...open, connectionId: `c${i}` });
    assert.match(
      await refused(client, 'port/open', { ...open, connectionId: 'x' }),
      /at most 64 connections/,
    );
    assert.match(await refused(client, 'port/open', { ...open, connectionId: 'c1' }), /already exists/);
    const chunk = b64('x'.repeat(MIB + 1));
    assert.equal(
      await refused(client, 'port/write', { connectionId: 'c1', chunk }),
      'chunk has 1048577 bytes; the limit is 1048576',
    );
    await client.call('port/close', { connectionId: 'c1' });
    await client.call('port/open', { ...open, connectionId: 'x' });
  });

  ours('ports: they end with the connection that opened them', async (t) => {
    const session = await t.session();
    const proc = await serving(
      session,
      'socket.resume().on("end", () => { socket.end(); console.log("gone"); })',
    );
    const open = { processId: proc.id, connectionId: 'c', port: await portOf(proc) };
    await session.client.call('port/open', open);
    await session.client.drop();
    const again = await t.session(undefined, session.id);
    const rest = new Proc(again.client, proc.id);
    for (let said = ''; !said.includes('gone');) {
      const { chunks } = await rest.read();
      said = (chunks as Json[]).map(({ chunk }) => Buffer.from(String(chunk), 'base64').toString()).join('');
    }
    assert.match(await refused(again.client, 'port/read', { connectionId: 'c' }), /unknown connection/);
  });
});
