import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { START_MS } from '../../scripts/host/patience.mjs';
import { both, ours, type Case } from './cases.js';
import type { Json } from './client.js';
import { refused } from './refused.js';
import { dial, upgrade } from './rawHttp.js';
import { uri, type Proc, type Session } from './session.js';

const FOREVER_MS = 600_000;

const bounded = async (t: Case, ...flags: string[]): Promise<Session> => t.session(await t.ownServer(flags));

/** Five times 300 bytes, each behind the other. */
async function fiveChunks(session: Session): Promise<Proc> {
  const proc = await session.sh('for i in 1 2 3 4 5; do printf %0300d $i; read x; done', { pipeStdin: true });
  for (const i of ['1', '2', '3', '4', '5']) {
    await proc.until(`00${i}`);
    await proc.write('\n');
  }
  await proc.closed();
  return proc;
}

describe('--concurrent-requests', () => {
  both('order: with 1, ordinary requests are answered in the order in which they came', async (t) => {
    const session = await bounded(t, '--concurrent-requests', '1');
    const { client } = session;
    const proc = await session.start(['cat'], { pipeStdin: true });
    const ids = [
      client.post('process/read', { processId: proc.id, waitMs: 200 }),
      client.post('fs/getMetadata', { path: 'file:///' }),
      client.post('process/read', { processId: proc.id, waitMs: 100 }),
      client.post('fs/canonicalize', { path: 'file:///' }),
    ];
    for (const id of ids) await client.settle(id);
    const answered = client.log.map(({ id }) => id).filter((id) => id !== undefined && ids.includes(id));
    assert.deepEqual(answered, ids);
    await proc.terminate();
  });

  both(
    'order: with 2, two reads wait and a third request queues; control requests get through',
    async (t) => {
      const session = await bounded(t, '--concurrent-requests', '2');
      const { client } = session;
      const proc = await session.sh('trap "echo got-INT" INT; echo ready; while :; do sleep 0.05; done');
      await proc.until('ready');
      const read = { processId: proc.id, afterSeq: 1000, waitMs: FOREVER_MS };
      const reads = [client.post('process/read', read), client.post('process/read', read)];
      const third = client.post('fs/getMetadata', { path: 'file:///' });
      assert.deepEqual(await client.call('environment/status'), { status: 'ready' });
      assert.ok((await client.call('environment/info'))['shell']);
      assert.deepEqual(await client.call('fs/close', { handleId: 'none' }), {});
      assert.equal((await client.fails('zzz')).code, -32601);
      assert.deepEqual(await proc.signal(), {});
      await proc.until('got-INT');
      assert.equal(
        client.log.some(({ id }) => id === third),
        false,
      );
      assert.deepEqual(await proc.terminate(), { running: true });
      for (const id of [...reads, third]) await client.settle(id);
    },
  );
});

describe('the flags of the bounds', () => {
  ours('bounds: --concurrent-requests and --queued-requests: what is beyond both is refused', async (t) => {
    const session = await bounded(t, '--concurrent-requests', '2', '--queued-requests', '1');
    const proc = await session.start(['cat'], { pipeStdin: true });
    const read = { processId: proc.id, waitMs: FOREVER_MS };
    const ids = [1, 2, 3].map(() => session.client.post('process/read', read));
    assert.match((await session.client.fails('process/read', read)).message, /too many requests: 2 .*1 /);
    await proc.terminate();
    for (const id of ids) await session.client.settle(id);
  });

  ours('bounds: --max-connections', async (t) => {
    const server = await t.ownServer(['--max-connections', '1']);
    await t.session(server);
    const { status, body } = await upgrade(server, server.url.pathname);
    assert.deepEqual([status, body], [503, 'too many connections: the limit is 1']);
  });

  ours('bounds: --handshake-timeout-ms', async (t) => {
    const silent = dial(await t.ownServer(['--handshake-timeout-ms', '50']));
    silent.resume();
    await once(silent, 'close');
  });

  ours('bounds: --initialize-timeout-ms', async (t) => {
    const client = await t.connect(await t.ownServer(['--initialize-timeout-ms', '50']));
    assert.equal(await client.closed, 1008);
  });

  ours('bounds: --max-message-bytes, for what comes in and for files that go out', async (t) => {
    const { client } = await bounded(t, '--max-message-bytes', String(2 << 20));
    const path = `${await t.dir()}/f`;
    await writeFile(path, Buffer.alloc(2 << 20));
    assert.match((await client.fails('fs/readFile', { path: uri(path) })).message, /limit is 15\d{5} bytes/);
    client.send({ id: 'fits', method: 'environment/status', pad: 'x'.repeat((2 << 20) - 200) });
    assert.deepEqual(await client.settle('fits'), { status: 'ready' });
    client.send({ id: 'big', method: 'environment/status', pad: 'x'.repeat(2 << 20) });
    assert.equal(await client.closed, 1009);
  });

  ours('bounds: --max-message-bytes raised, a file of 100 MiB comes in one answer', async (t) => {
    const { client } = await bounded(t, '--max-message-bytes', String(256 << 20));
    const path = `${await t.dir()}/f`;
    const content = Buffer.alloc(100 << 20, 'abcdefg');
    await writeFile(path, content);
    // As much work for this client as for the server, on a machine that may have other work.
    const { result } = await client.answer(client.post('fs/readFile', { path: uri(path) }), START_MS);
    const { dataBase64 } = result as Json;
    assert.ok(Buffer.from(String(dataBase64), 'base64').equals(content));
  });

  ours('bounds: --max-processes-per-session and --max-processes', async (t) => {
    const server = await t.ownServer(['--max-processes-per-session', '2', '--max-processes', '3']);
    const [one, two] = [await t.session(server), await t.session(server)];
    const start = (session: Session) => session.start(['cat'], { pipeStdin: true });
    const first = await start(one);
    await start(one);
    await assert.rejects(start(one), /-32600 too many processes: this session has 2 /);
    await start(two);
    await assert.rejects(start(two), /-32600 3 processes are running, which is the limit/);
    await first.terminate();
    await first.closed();
    await start(two);
  });

  ours('bounds: --retained-bytes-per-process and --retained-bytes', async (t) => {
    const session = await bounded(t, '--retained-bytes-per-process', '1000', '--retained-bytes', '1500');
    const procs = [await fiveChunks(session), await fiveChunks(session)];
    const sizes = [];
    for (const proc of procs) {
      const { chunks } = await proc.read();
      const list = chunks as { chunk: string }[];
      sizes.push(list.reduce((sum, { chunk }) => sum + Buffer.byteLength(chunk, 'base64'), 0));
    }
    const [older = 0, newer = 0] = sizes;
    assert.equal(newer, 900);
    assert.ok(older > 0 && older <= 600, String(older));
  });

  for (const [flag, value] of [
    ['--max-connections', '0'],
    ['--max-connections', 'x'],
    ['--max-message-bytes', '1024'],
    ['--max-processes', '1.5'],
    ['--queued-requests', '-1'],
  ] as const) {
    ours(`bounds: ${flag} ${value} is bad usage and names the range: status 2`, async (t) => {
      t.needsLocal();
      const { code, stdout, stderr } = await refused([`${flag}=${value}`]);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, new RegExp(`'${flag} <N>': expected a whole number from \\d+ to \\d+`));
    });
  }

  ours(
    'bounds: a flag that is not known is bad usage, and says where the known ones are',
    async (t) => {
      t.needsLocal();
      const { code, stderr } = await refused(['--lisen', 'stdio']);
      assert.equal(code, 2);
      assert.match(stderr, /--lisen.*see exec-server --help/);
    },
    'ours only, its own words',
  );

  both('order: --concurrent-requests 0 is bad usage', async (t) => {
    t.needsLocal();
    assert.notEqual((await refused(['--concurrent-requests', '0'])).code, 0);
  });
});
