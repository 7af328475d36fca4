import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { both, ours } from './cases.js';
import { dial } from './rawHttp.js';
import { handshake, startParams } from './session.js';

const FLOOD = 50_000;

describe('many messages, pings and sockets', () => {
  both('clients: pings in a burst do not end the connection, and the last of them is answered', async (t) => {
    const server = await t.server();
    const { client } = await t.session();
    const socket = new WebSocket(server.url);
    await new Promise((resolve) => socket.once('open', resolve));
    const answered = new Promise<void>((resolve) =>
      socket.on('pong', (data) => {
        if (data.toString() === 'last') resolve();
      }),
    );
    for (let i = 0; i < 10_000; i++) socket.ping(String(i));
    socket.ping('last');
    await answered;
    assert.equal(socket.readyState, socket.OPEN);
    socket.terminate();
    await client.call('environment/status', {});
  });

  ours(
    'bounds: a client that floods does not make another wait for more than its turn',
    async (t) => {
      const server = await t.server();
      const honest = await t.session();
      const flooder = new WebSocket(server.url);
      await new Promise((resolve) => flooder.once('open', resolve));
      let answers = 0;
      flooder.on('message', () => (answers += 1));
      for (let i = 0; i < FLOOD; i++) flooder.send('{');
      while (answers === 0) await delay(1);
      // Turn by turn: long before the flood has been answered, the other has had many turns.
      const params = startParams(['/bin/sleep', '600']);
      await honest.client.call('process/start', params);
      for (let i = 0; i < 20; i++) await honest.client.call('environment/status', {});
      await honest.client.call('process/terminate', { processId: params['processId'] });
      assert.ok(answers < FLOOD, `all ${answers} messages of the flood came first`);
      while (answers < FLOOD) await delay(10);
      flooder.terminate();
    },
    'the reference answers one connection after the other has been read',
  );

  ours(
    'bounds: sockets that say nothing do not keep out a client with the token',
    async (t) => {
      const server = await t.server();
      const idle = Array.from({ length: 200 }, () => {
        const socket = connect(Number(server.url.port), server.url.hostname);
        socket.on('error', () => undefined);
        return socket;
      });
      await Promise.all(idle.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
      const session = await t.session(server);
      await session.client.call('environment/status', {});
      for (const socket of idle) socket.destroy();
    },
    'the reference has no such bound',
  );

  ours(
    'sessions: a session whose connection gives no sign of life can be resumed on another',
    async (t) => {
      const server = await t.server();
      // It neither reads nor ends: as after a network that went away.
      const dead = dial(server);
      const key = 'dGhlIHNhbXBsZSBub25jZQ==';
      dead.write(
        `GET ${server.url.pathname} HTTP/1.1\r\nHost: ${server.url.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
      );
      const text = JSON.stringify({ id: 1, method: 'initialize', params: { clientName: 'dead' } });
      const frame = Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
      let received = '';
      const id = await new Promise<string>((resolve) => {
        dead.on('data', (data) => {
          if (received === '') dead.write(frame);
          received += data.toString('latin1');
          const found = /"sessionId":"([^"]+)"/.exec(received)?.[1];
          if (found) resolve(found);
        });
      });
      dead.pause();
      const resumed = await handshake(await t.connect(server), id);
      assert.equal(resumed.id, id);
      dead.destroy();
    },
    'the reference waits until the system gives the connection up',
  );

  ours(
    'sessions: hundreds of empty sessions do not end a detached one with a running process',
    async (t) => {
      const session = await t.session();
      const params = startParams(['/bin/sleep', '600']);
      await session.client.call('process/start', params);
      await session.client.drop();
      for (let i = 0; i < 300; i++) {
        const { client } = await handshake(await t.connect());
        await client.drop();
      }
      const resumed = await handshake(await t.connect(), session.id);
      const { running } = await resumed.client.call('process/terminate', { processId: params['processId'] });
      assert.equal(running, true);
    },
    'the reference has no such bound',
  );
});
