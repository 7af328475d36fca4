import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { appServer } from './appServerClient.js';
import { ours, type Case } from './cases.js';
import { residentBytes } from './procfs.js';
import { CLOSE, FrameClient, TEXT } from './rawFrames.js';
import { b64, startParams, uri, type Proc, type Session } from './session.js';
import type { Server } from './target.js';

const MIB = 1 << 20;
const ACCEPTED = { status: 'accepted' };
const HELD = 64 * MIB;
const PART = 20 * MIB;
const USED_UP = new RegExp(
  `what (all clients together|this \\w+) may have the server hold is ${String(HELD)} bytes`,
);
const FOREVER_MS = 600_000;
const LOOK_MS = 100;

/** What one client may have such a server hold is the least that it can be told. */
const small = (t: Case): Promise<Server> => t.ownServer(['--held-bytes-per-connection', String(HELD)]);
/** The same for all of them. */
const smallForAll = (t: Case): Promise<Server> => t.ownServer(['--held-bytes', String(HELD)]);

/** Never reads. */
const deaf = (session: Session, tty: boolean): Promise<Proc> =>
  session.start(['sleep', '600'], { pipeStdin: true, tty });

const write = ({ client, id }: Proc, chunk: string, writeId: string): Promise<unknown> =>
  client.call('process/write', { processId: id, chunk, writeId });

/** No message tells that memory is free again. */
async function untilTaken(attempt: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      assert.match(String(error), USED_UP);
      await delay(LOOK_MS);
    }
  }
}

describe('what the server holds', () => {
  for (const tty of [false, true]) {
    const kind = tty ? 'terminals' : 'pipes';
    ours(
      `bounds: input that nobody reads is refused at the bound, until a process ends (${kind})`,
      async (t) => {
        const session = await t.session(await small(t));
        const chunk = b64(Buffer.alloc(PART, 'input'));
        const procs = [await deaf(session, tty), await deaf(session, tty), await deaf(session, tty)];
        for (const proc of procs) assert.deepEqual(await write(proc, chunk, 'first'), ACCEPTED);
        const last = await deaf(session, tty);
        await assert.rejects(write(last, chunk, 'w'), USED_UP);
        assert.deepEqual(await write(last, b64('small'), 's'), ACCEPTED);
        await procs[0]?.terminate();
        await untilTaken(() => write(last, chunk, 'w'));
      },
    );
  }

  ours('bounds: a message that is not whole waits for memory, 10 s at most', async (t) => {
    const server = await smallForAll(t);
    const clients = await Promise.all([1, 2, 3, 4].map(() => FrameClient.open(server)));
    for (const { socket } of clients) socket.on('error', () => undefined);
    for (const client of clients) client.send(TEXT, Buffer.alloc(PART, 'x'), false);
    const close = await Promise.any(clients.map((client) => client.find(({ opcode }) => opcode === CLOSE)));
    assert.equal(close.payload.readUInt16BE(0), 1009);
    assert.match(close.payload.subarray(2).toString(), USED_UP);
    const { client } = await t.session(server);
    const waits = client.call('fs/canonicalize', { path: 'file:///', pad: 'x'.repeat(PART) });
    await delay(LOOK_MS);
    for (const { socket } of clients) socket.destroy();
    assert.deepEqual(await waits, { path: 'file:///' });
  });

  ours(
    'bounds: what unfinished messages took goes back to the system when their clients have gone',
    async (t) => {
      const server = await t.ownServer();
      await t.session(server);
      const before = residentBytes(server.pid);
      const clients = await Promise.all([1, 2, 3, 4].map(() => FrameClient.open(server)));
      for (const { socket } of clients) socket.on('error', () => undefined);
      for (const client of clients) client.send(TEXT, Buffer.alloc(2 * PART, 'x'), false);
      const took = 6 * PART;
      while (residentBytes(server.pid) - before < took) await delay(LOOK_MS);
      for (const { socket } of clients) socket.destroy();
      while (residentBytes(server.pid) - before > took / 4) await delay(LOOK_MS);
    },
  );

  ours('bounds: requests without an answer count, and are refused at the bound; a kill is not', async (t) => {
    const session = await t.session(await small(t));
    const { client } = session;
    const proc = await session.start(['cat'], { pipeStdin: true });
    const read = { processId: proc.id, waitMs: FOREVER_MS, pad: 'x'.repeat(PART) };
    const ids = [1, 2, 3].map(() => client.post('process/read', read));
    assert.match((await client.fails('process/read', read)).message, USED_UP);
    assert.match((await client.fails('process/wait', read)).message, USED_UP);
    assert.deepEqual(await proc.terminate(), { running: true });
    for (const id of ids) assert.equal((await client.settle(id))['exited'], true);
    assert.equal((await client.call('process/read', read))['exited'], true);
  });

  ours('bounds: ids of processes and environments count while they are kept', async (t) => {
    const { client } = await t.session(await small(t));
    const start = (processId: string, more = {}): Promise<unknown> =>
      client.call('process/start', { ...startParams(['true'], more), processId });
    // The request before may be held a moment longer than its answer takes.
    for (const name of ['a', 'b', 'c']) await untilTaken(() => start(name.repeat(PART)));
    await assert.rejects(start('d'.repeat(PART)), USED_UP);
    await start('small');
  });

  ours('bounds: an environment no longer counts when its process has closed', async (t) => {
    const session = await t.session(await small(t));
    const names = Array.from(
      { length: 15 },
      (_, index) => [`V${String(index)}`, 'e'.repeat(100_000)] as const,
    );
    for (let index = 0; index < 100; index++) {
      const env = { ...Object.fromEntries(names), PATH: process.env['PATH'] ?? '' };
      await session.run('exit 0', { env });
    }
  });

  ours(
    'app-server: text that waits for the end is capped where there is no memory for it, and says so',
    async (t) => {
      const app = await appServer(t, {}, await small(t));
      const script = 'head -c 5000000 /dev/zero | tr "\\0" x; cat > /dev/null';
      const spawned = Array.from({ length: 16 }, () =>
        app.sh(script, { outputBytesCap: null, timeoutMs: null, streamStdin: true }),
      );
      const handles = await Promise.all(spawned);
      // Nothing tells when all has been written.
      await delay(20 * LOOK_MS);
      for (const { processHandle } of handles) {
        await app.client.call('process/writeStdin', { processHandle, closeStdin: true });
      }
      const ends = await Promise.all(handles.map((handle) => handle.exited()));
      const lengths = ends.map(({ stdout }) => String(stdout).length);
      const capped = ends.filter(({ stdoutCapReached }) => stdoutCapReached === true).length;
      assert.ok(lengths.reduce((sum, length) => sum + length) <= HELD + 16 * MIB, String(lengths));
      assert.ok(capped >= 3 && capped < 16, `${String(capped)} are capped`);
      for (const [index, { stdoutCapReached }] of ends.entries())
        assert.equal(lengths[index] === 5_000_000, stdoutCapReached === false);
      const again = await app.run('head -c 5000000 /dev/zero | tr "\\0" x', { outputBytesCap: null });
      assert.equal(String(again['stdout']).length, 5_000_000);
    },
    'the reference keeps it without a bound',
  );

  ours(
    'bounds: listings of all connections together wait for each other; each is answered when it is read',
    async (t) => {
      const server = await smallForAll(t);
      const folder = `${await t.dir()}/many`;
      await mkdir(folder);
      for (let index = 0; index < 3000; index++) await writeFile(`${folder}/${String(index)}`, '');
      const clients = await Promise.all([1, 2, 3, 4].map(async () => (await t.session(server)).client));
      const ids = clients.map((client) => client.post('fs/readDirectory', { path: uri(folder) }));
      for (const [index, client] of clients.entries()) {
        const { entries } = (await client.settle(ids[index] ?? '')) as { entries: unknown[] };
        assert.equal(entries.length, 3000);
      }
    },
  );
});
