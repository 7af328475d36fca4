import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { both, ours } from './cases.js';
import { BURST } from './fixtures.js';
import { residentBytes, stalled } from './procfs.js';
import { handshake, startParams, uri } from './session.js';

const MIB = 1 << 20;
const FLOOD_BYTES = 256 * MIB;
/** Between child and client: pipes, socket buffers of the kernel, queues of the server. */
const UNDERWAY_BYTES = 96 * MIB;
const MORE_MEMORY_BYTES = 96 * MIB;
/** So many answers of this size would be 1 GiB and more. */
const FILES = 40;
const FILE_BYTES = 20 * MIB;
const ANSWERS_BYTES = 300 * MIB;
const LOOK_MS = 300;

describe('back-pressure', () => {
  for (const tty of [false, true]) {
    both(
      `order: a client that stops reading stops the child ${tty ? '(pty)' : '(pipe)'}; nothing is lost`,
      async (t) => {
        const server = await t.ownServer();
        const sumFile = `${await t.dir()}/sum`;
        const { client } = await t.session(server);
        const script = 'if [ -t 1 ]; then stty raw; fi; echo "me=$$" > "$1.pid"; exec "$2" "$3" "$4" "$1"';
        const [node = '', burst = ''] = BURST;
        const argv = ['/bin/sh', '-c', script, 'sh', sumFile, node, burst, String(FLOOD_BYTES)];
        const params = startParams(argv, { tty });
        const before = residentBytes(server.pid);

        const hash = createHash('sha256');
        let bytes = 0;
        let paused = (): void => undefined;
        const stopped = new Promise<void>((resolve) => (paused = resolve));
        const closed = new Promise<void>((resolve) => {
          client.sink = ({ method, params: got }) => {
            const data = Buffer.from(got?.chunk ?? '', 'base64');
            if (bytes === 0 && data.length > 0) {
              client.socket.pause();
              paused();
            }
            hash.update(data);
            bytes += data.length;
            if (method === 'process/closed') resolve();
          };
        });
        client.post('process/start', params);
        await stopped;
        const pid = Number((await readFile(`${sumFile}.pid`, 'utf8')).slice('me='.length));

        const written = await stalled(pid);
        assert.ok(written > 0 && written < UNDERWAY_BYTES, `the child wrote ${String(written >> 20)} MiB`);
        assert.equal(existsSync(sumFile), false);
        const grown = residentBytes(server.pid) - before;
        assert.ok(grown < MORE_MEMORY_BYTES, `the server grew by ${String(grown >> 20)} MiB`);

        const other = await handshake(await t.connect(server));
        assert.equal(await other.text('echo served'), 'served');

        client.socket.resume();
        await closed;
        assert.equal(bytes, FLOOD_BYTES);
        assert.equal(hash.digest('hex'), await readFile(sumFile, 'utf8'));
      },
    );
  }

  ours(
    'order: answers that nobody reads are not made; memory stays flat, and all come later',
    async (t) => {
      const server = await t.ownServer();
      const path = `${await t.dir()}/large`;
      await writeFile(path, Buffer.alloc(FILE_BYTES, 'abcdefg'));
      const { client } = await t.session(server);
      const before = residentBytes(server.pid);
      client.socket.pause();
      const ids = Array.from({ length: FILES }, () => client.post('fs/readFile', { path: uri(path) }));
      let [most, seen] = [0, -1];
      for (let now = 0; now !== seen;) {
        seen = now;
        await delay(LOOK_MS);
        now = residentBytes(server.pid);
        most = Math.max(most, now);
      }
      assert.ok(most - before < ANSWERS_BYTES, `the server grew by ${String((most - before) >> 20)} MiB`);
      const other = await handshake(await t.connect(server));
      assert.equal(await other.text('echo served'), 'served');
      const left = new Set(ids);
      const done = new Promise<void>((resolve, reject) => {
        client.sink = ({ id, result, error }) => {
          if (error) reject(new Error(error.message));
          const { dataBase64 } = result as { dataBase64: string };
          assert.equal(Buffer.byteLength(dataBase64, 'base64'), FILE_BYTES);
          left.delete(id ?? '');
          if (left.size === 0) resolve();
        };
      });
      client.socket.resume();
      await done;
    },
    'the reference queues 128 answers, however large',
  );

  both('order: a client that goes away while it is not reading leaves the process resumable', async (t) => {
    const session = await t.session();
    const proc = await session.sh('yes 0123456789 | head -c 20000000; echo; echo end');
    await proc.until('0123456789');
    session.client.socket.pause();
    session.client.socket.terminate();
    await session.client.closed;
    const again = await t.session(undefined, session.id);
    let read = await again.client.call('process/read', { processId: proc.id, waitMs: 0 });
    while (read['closed'] !== true)
      read = await again.client.call('process/read', {
        processId: proc.id,
        afterSeq: Number(read['nextSeq']) - 1,
        waitMs: 20_000,
      });
    assert.equal(read['exitCode'], 0);
  });
});
