import assert from 'node:assert/strict';
import { once } from 'node:events';
import { both, ours } from './cases.js';
import { Failure } from './client.js';
import { dial, upgrade, upgradeHeaders } from './rawHttp.js';

const CONNECTIONS = 64;
const PROCESSES = 256;
const IN_FLIGHT = 64;
const QUEUED = 1024;

describe('the bounds', () => {
  ours('bounds: 64 connections are served, one more gets an error that names the bound', async (t) => {
    const server = await t.ownServer();
    const clients = [];
    for (let i = 0; i < CONNECTIONS; i++) clients.push(await t.connect(server));
    const { status, body } = await upgrade(server, server.url.pathname);
    assert.equal(status, 503);
    assert.match(body, /64/);
    assert.match(body, /connection/i);
    await clients[0]?.drop();
    const again = await t.connect(server);
    assert.ok(await again.call('initialize', { clientName: 'next' }));
  });

  ours('bounds: 256 processes in a session, the next start fails and names the bound', async (t) => {
    const session = await t.session(await t.ownServer());
    const procs = await Promise.all(
      Array.from({ length: PROCESSES }, () => session.start(['cat'], { pipeStdin: true })),
    );
    await assert.rejects(session.start(['true']), (e) => {
      assert.ok(e instanceof Failure);
      assert.match(e.body.message, /256/);
      assert.match(e.body.message, /process/i);
      return true;
    });
    assert.deepEqual(await procs[0]?.terminate(), { running: true });
    await Promise.all(procs.slice(1).map((proc) => proc.terminate()));
  });

  ours(
    'bounds: requests beyond 64 running and 1,024 queued fail at once; every one is answered',
    async (t) => {
      const { client, ...session } = await t.session(await t.ownServer());
      assert.ok(session.id);
      const start = { argv: ['cat'], cwd: 'file:///', env: { PATH: process.env['PATH'] }, tty: false };
      await client.call('process/start', { ...start, processId: 'p', pipeStdin: true });
      const read = { processId: 'p', waitMs: 600_000 };
      const ids = Array.from({ length: IN_FLIGHT + QUEUED + 5 }, () => client.post('process/read', read));
      const refused = await client.wait('a refusal', () => client.log.find((m) => m.error));
      assert.match(refused.error?.message ?? '', /1,?024|64/);
      assert.deepEqual(await client.call('process/terminate', { processId: 'p' }), { running: true });
      const answers = await Promise.all(ids.map((id) => client.answer(id)));
      assert.equal(answers.filter((m) => m.result).length, IN_FLIGHT + QUEUED);
      assert.equal(answers.filter((m) => m.error).length, 5);
    },
  );

  ours('bounds: a socket that says nothing, or half a request, is closed after 5 s', async (t) => {
    const server = await t.server();
    const silent = dial(server);
    const halting = dial(server);
    halting.write(`GET ${server.url.pathname} HTTP/1.1\r\nHost: ${server.url.host}\r\n`);
    for (const socket of [silent, halting]) socket.resume();
    await Promise.all([once(silent, 'close'), once(halting, 'close')]);
  });

  ours('bounds: a connection that does not initialize within 30 s is closed', async (t) => {
    t.slow(90_000);
    const client = await t.connect();
    assert.ok([1000, 1001, 1002, 1008].includes(await client.closed));
  });

  both('listener: a request head without end does not keep others out', async (t) => {
    const server = await t.server();
    const sockets = Array.from({ length: 20 }, () => dial(server));
    t.defer(() => sockets.forEach((socket) => socket.destroy()));
    for (const socket of sockets) socket.write('GET / HTTP/1.1\r\nX: ');
    assert.equal((await upgrade(server, server.url.pathname, upgradeHeaders)).status, 101);
  });
});
