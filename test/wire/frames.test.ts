import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { both, ours } from './cases.js';
import { BINARY, CLOSE, FrameClient, PING, PONG, TEXT } from './rawFrames.js';
import { uri } from './session.js';

const MIB = 1 << 20;
const initialize = '{"id":1,"method":"initialize","params":{"clientName":"x"}}';

describe('websocket frames', () => {
  both('transport: binary messages are decoded like text, and the answer is text', async (t) => {
    const frames = await FrameClient.open(await t.server());
    t.defer(() => frames.socket.destroy());
    frames.send(BINARY, initialize);
    const { opcode, payload } = await frames.find((f) => f.opcode === TEXT);
    assert.equal(opcode, TEXT);
    assert.match(payload.toString(), /"sessionId"/);
  });

  both('transport: a message may come in fragments, with a ping in between', async (t) => {
    const frames = await FrameClient.open(await t.server());
    t.defer(() => frames.socket.destroy());
    frames.send(TEXT, initialize.slice(0, 10), false);
    frames.send(PING, 'hello');
    frames.send(0, initialize.slice(10, 11), false);
    frames.send(0, initialize.slice(11));
    assert.equal((await frames.find((f) => f.opcode === PONG)).payload.toString(), 'hello');
    assert.match((await frames.find((f) => f.opcode === TEXT)).payload.toString(), /"sessionId"/);
  });

  both('transport: a message of many MiB in fragments is accepted', async (t) => {
    const { client } = await t.session();
    const big = JSON.stringify({ id: 'big', method: 'environment/status', pad: 'x'.repeat(40 * MIB) });
    for (let at = 0; at < big.length; at += 8 * MIB)
      client.socket.send(big.slice(at, at + 8 * MIB), { fin: at + 8 * MIB >= big.length });
    assert.deepEqual(await client.settle('big'), { status: 'ready' });
  });

  both('transport: a message over 64 MiB ends the connection, not the session or the server', async (t) => {
    const session = await t.session();
    const proc = await session.start(['cat'], { pipeStdin: true });
    const part = 'x'.repeat(8 * MIB);
    const { socket } = session.client;
    socket.send('{"id":1,"method":"environment/status","pad":"', { fin: false });
    for (let i = 0; i < 9; i++) socket.send(part, { fin: false });
    socket.send('"}');
    await session.client.closed;
    assert.equal(
      session.client.log.some(
        (m) =>
          m.id === 1 &&
          m.method === undefined &&
          m.result !== undefined &&
          !('sessionId' in (m.result as object)),
      ),
      false,
    );
    const again = await t.session(undefined, session.id);
    assert.deepEqual(await again.client.call('process/terminate', { processId: proc.id }), { running: true });
  });

  ours('bounds: a single frame of just under 64 MiB is accepted', async (t) => {
    const { client } = await t.session();
    client.send({ id: 'big', method: 'environment/status', pad: 'x'.repeat(64 * MIB - 200) });
    assert.deepEqual(await client.settle('big'), { status: 'ready' });
  });

  ours('bounds: a message in 65,536 fragments is accepted, and one in more names the bound', async (t) => {
    const { client } = await t.session();
    const fragments = (count: number, text: string): void => {
      for (let at = 0; at < count; at++) {
        const fin = at === count - 1;
        client.socket.send(fin ? text.slice(at) : (text[at] ?? ''), { fin });
      }
    };
    const text = JSON.stringify({ id: 'cut', method: 'environment/status', pad: 'x'.repeat(70_000) });
    fragments(65_536, text);
    assert.deepEqual(await client.settle('cut'), { status: 'ready' });
    const reason = once(client.socket, 'close') as Promise<[number, Buffer]>;
    fragments(65_537, text);
    const [code, words] = await reason;
    assert.equal(code, 1008);
    assert.match(words.toString(), /^a message has more than 65536 fragments/);
  });

  ours('bounds: a message over 64 MiB is answered with close code 1009, and the bound', async (t) => {
    const { client } = await t.session();
    const reason = once(client.socket, 'close') as Promise<[number, Buffer]>;
    client.send({ id: 'big', method: 'environment/status', pad: 'x'.repeat(64 * MIB + 1) });
    const [code, words] = await reason;
    assert.deepEqual([code, words.toString()], [1009, `a message has more than ${String(64 * MIB)} bytes`]);
  });

  ours('bounds: answers over 1 MiB come in fragments of at most 1 MiB', async (t) => {
    const path = join(await t.dir(), 'big');
    await writeFile(path, Buffer.alloc(20 * MIB, 7));
    const frames = await FrameClient.open(await t.server());
    t.defer(() => frames.socket.destroy());
    frames.send(TEXT, initialize);
    frames.send(TEXT, '{"method":"initialized"}');
    frames.send(TEXT, JSON.stringify({ id: 2, method: 'fs/readFile', params: { path: uri(path) } }));
    await frames.find((f) => f.opcode === 0 && f.fin);
    const first = frames.frames.findIndex((f) => f.opcode === TEXT && !f.fin);
    const parts = frames.frames.slice(first).filter((f) => f.opcode === TEXT || f.opcode === 0);
    assert.ok(parts.length > 20);
    assert.ok(parts.every((f) => f.length <= MIB));
    const { id, result } = JSON.parse(Buffer.concat(parts.map((f) => f.payload)).toString()) as {
      id: number;
      result: { dataBase64: string };
    };
    assert.equal(id, 2);
    assert.ok(Buffer.from(result.dataBase64, 'base64').equals(Buffer.alloc(20 * MIB, 7)));
  });

  ours('extensions: a close frame of the client is answered with a close frame', async (t) => {
    const frames = await FrameClient.open(await t.server());
    t.defer(() => frames.socket.destroy());
    frames.send(CLOSE, Buffer.from([0x03, 0xe8]));
    assert.equal((await frames.find((f) => f.opcode === CLOSE)).payload.readUInt16BE(0), 1000);
  });

  ours('extensions: a protocol error is followed by a close frame with code 1002', async (t) => {
    for (const message of [
      { method: 'no/such' },
      { id: 1, result: {} },
      { id: 1, error: { code: 1, message: '' } },
    ]) {
      const { client } = await t.session();
      client.send(message);
      assert.equal(await client.closed, 1002);
    }
  });

  /** What no client may send, as bytes. */
  const BROKEN: Record<string, number[]> = {
    'a frame without a mask': [0x81, 2, 0x7b, 0x7d],
    'a reserved opcode': [0x83, 0x80, 0, 0, 0, 0],
    'a reserved bit': [0xc1, 0x80, 0, 0, 0, 0],
    'a continuation of nothing': [0x80, 0x80, 0, 0, 0, 0],
    'a ping in fragments': [0x09, 0x80, 0, 0, 0, 0],
    'a ping that is too long': [0x89, 0xfe, 0, 126, ...Buffer.alloc(4 + 126)],
  };
  for (const [what, bytes] of Object.entries(BROKEN)) {
    both(`transport: ${what} ends the connection, not the session or the server`, async (t) => {
      const server = await t.server();
      const frames = await FrameClient.open(server);
      t.defer(() => frames.socket.destroy());
      frames.send(TEXT, initialize);
      const { payload } = await frames.find((f) => f.opcode === TEXT);
      const { result } = JSON.parse(payload.toString()) as { result: { sessionId: string } };
      frames.socket.write(Buffer.from(bytes));
      if (!frames.ended) await once(frames.socket, 'close');
      const again = await t.session(server, result.sessionId);
      assert.equal(await again.text('echo on'), 'on');
    });
  }

  both(
    'transport: the server pings every 30 s with an empty payload; missing pongs do not matter',
    async (t) => {
      t.slow(120_000);
      const frames = await FrameClient.open(await t.server());
      t.defer(() => frames.socket.destroy());
      frames.send(TEXT, initialize);
      const pings: number[] = [];
      const begun = Date.now();
      while (pings.length < 2) {
        await frames.find((f) => f.opcode === PING, 60_000);
        const at = frames.frames.findIndex((f) => f.opcode === PING);
        assert.equal(frames.frames.splice(at, 1)[0]?.payload.length, 0);
        pings.push(Date.now() - begun);
      }
      const [first = 0, second = 0] = pings;
      assert.ok(first > 20_000 && second - first > 20_000, pings.join());
      frames.send(TEXT, '{"id":2,"method":"zzz"}');
      await frames.find((f) => f.payload.includes('-32601'));
    },
  );

  both('transport: the first ping comes also before initialize', async (t) => {
    t.slow(60_000);
    const frames = await FrameClient.open(await t.server());
    t.defer(() => frames.socket.destroy());
    await frames.find((f) => f.opcode === PING, 50_000);
  });
});
