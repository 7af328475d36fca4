import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { both, ours } from './cases.js';
import type { Message } from './client.js';
import { residentBytes } from './procfs.js';
import { b64, uri } from './session.js';

const MIB = 1 << 20;
const ENTRIES = 50_000;
const REQUESTS = 24;
const MORE_MEMORY_BYTES = 200 * MIB;
const LOOK_MS = 300;
const CASE_MS = 240_000;
const PATH_MAX = 4095;
const MAX_URI = 262_144;
/** How much more processor time may be taken than by what it is compared with: a busy machine blurs both. */
const TIMES = 4;

/** Milliseconds of processor time that a process has taken, all its threads together. */
function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  const [, , , , , , , , , , , user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(user) + Number(system)) * 10;
}

describe('how much one request may take', () => {
  ours(
    'bounds: long listings that nobody reads are not made; memory stays flat, and all come later',
    async (t) => {
      t.timeout(CASE_MS);
      const dir = await t.dir();
      for (let from = 0; from < ENTRIES; from += 1000) {
        const names = Array.from(
          { length: 1000 },
          (_, index) => `a-name-of-some-length-${String(from + index)}`,
        );
        await Promise.all(names.map((name) => writeFile(`${dir}/${name}`, '')));
      }
      const server = await t.ownServer();
      const { client } = await t.session(server);
      const options = {
        maxDepth: 1,
        maxDirectories: 10,
        maxEntries: ENTRIES,
        followDirectorySymlinks: false,
      };
      const count = (message: Message): number => (message.result as { entries: unknown[] }).entries.length;
      assert.equal(count(await client.answer(client.post('fs/walk', { path: uri(dir), options }))), ENTRIES);
      const before = residentBytes(server.pid);
      let answers = 0;
      const all = new Promise<void>((resolve) => {
        client.sink = (message) => {
          assert.equal(count(message), ENTRIES);
          answers += 1;
          if (answers === 2 * REQUESTS) resolve();
        };
      });
      client.socket.pause();
      for (let index = 0; index < REQUESTS; index += 1) {
        client.post('fs/walk', { path: uri(dir), options });
        client.post('fs/readDirectory', { path: uri(dir) });
      }
      let most = before;
      let last = -1;
      // Until it does nothing more.
      for (let now = cpuMs(server.pid); now !== last; now = cpuMs(server.pid)) {
        last = now;
        await delay(LOOK_MS);
        most = Math.max(most, residentBytes(server.pid));
      }
      const grown = (most - before) / MIB;
      assert.ok(most - before < MORE_MEMORY_BYTES, `the server grew by ${grown.toFixed()} MiB`);
      const { client: other } = await t.session(server);
      assert.equal((await other.call('fs/getMetadata', { path: uri(dir) }))['isDirectory'], true);
      client.socket.resume();
      await all;
    },
  );

  ours(
    'paths: a path of many slashes costs no more than another',
    async (t) => {
      const server = await t.ownServer();
      const { client } = await t.session(server);
      const costOf = async (length: number): Promise<number> => {
        const before = cpuMs(server.pid);
        for (let left = 2_000_000; left > 0; left -= length) {
          for (const part of ['/', './', 'a/../']) {
            const path = `file:///${part.repeat(Math.floor(length / part.length))}tmp`;
            assert.equal((await client.call('fs/getMetadata', { path }))['isDirectory'], true);
          }
        }
        return cpuMs(server.pid) - before;
      };
      // The same number of characters each time, and ten times the cost if a path's grew with the square of its length.
      const [short, long] = [await costOf(20_000), await costOf(200_000)];
      assert.ok(
        long <= TIMES * short,
        `${String(long)} ms for long paths, ${String(short)} ms for shorter ones`,
      );
    },
    'the reference takes other forms of these',
  );

  ours('bounds: a path beyond what the system takes is refused, with the limit', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    const long = `${dir}/${'d/'.repeat(100_000)}`.slice(0, -1);
    const refusal = `Filename too long (os error 36): the path has ${long.length} bytes; the limit is ${PATH_MAX}`;
    const path = uri(long);
    for (const [method, params] of [
      ['fs/getMetadata', { path }],
      ['fs/createDirectory', { path }],
      ['fs/createDirectory', { path, followSymlinks: false }],
      ['fs/writeFile', { path, dataBase64: '', followSymlinks: false }],
      ['fs/remove', { path }],
      ['fs/copy', { sourcePath: uri(dir), destinationPath: path, recursive: true }],
      ['fs/open', { handleId: 'h', path }],
      ['fs/watchMissing', { watchId: 1, missing: [path] }],
    ] as const) {
      assert.deepEqual(await client.fails(method, params), { code: -32603, message: refusal }, method);
    }
    const most = `${dir}/${`${'n'.repeat(99)}/`.repeat(50)}`.slice(0, PATH_MAX);
    await client.call('fs/createDirectory', { path: uri(most) });
    assert.deepEqual(await client.fails('fs/getMetadata', { path: `file:///${'x'.repeat(MAX_URI)}` }), {
      code: -32602,
      message: `path URI has ${String(MAX_URI + 8)} characters; the limit is ${String(MAX_URI)}`,
    });
  });

  ours(
    'files: a watch of 1,024 deep paths is answered',
    async (t) => {
      const { client } = await t.session();
      const dir = await t.dir();
      const missing = Array.from({ length: 1024 }, (_, index) =>
        uri(`${dir}/${String(index)}${'/d'.repeat(900)}`),
      );
      assert.deepEqual(await client.call('fs/watchMissing', { watchId: 1, missing }), { watching: true });
      await mkdir(`${dir}/77${'/d'.repeat(900)}`, { recursive: true });
      await client.wait('the notification', () =>
        client.log.find(({ method }) => method === 'fs/missingChanged'),
      );
    },
    'the reference says `watching: false` to so many',
  );

  both('files: a watch sees an ancestor that is replaced', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await mkdir(`${dir}/a/b`, { recursive: true });
    const params = { watchId: 1, missing: [uri(`${dir}/a/b/x`)] };
    assert.deepEqual(await client.call('fs/watchMissing', params), { watching: true });
    await rename(`${dir}/a`, `${dir}/a2`);
    await delay(100);
    await mkdir(`${dir}/a/b`, { recursive: true });
    await writeFile(`${dir}/a/b/x`, '');
    await client.wait('the notification', () =>
      client.log.find(({ method }) => method === 'fs/missingChanged'),
    );
  });

  ours(
    'files: a watch sees a link on the way that is switched',
    async (t) => {
      const { client } = await t.session();
      const dir = await t.dir();
      for (const name of ['old', 'new']) await mkdir(`${dir}/${name}`);
      await writeFile(`${dir}/new/x`, '');
      await symlink('old', `${dir}/current`);
      const params = { watchId: 1, missing: [uri(`${dir}/current/x`)] };
      assert.deepEqual(await client.call('fs/watchMissing', params), { watching: true });
      await symlink('new', `${dir}/next`);
      await rename(`${dir}/next`, `${dir}/current`);
      await client.wait('the notification', () =>
        client.log.find(({ method }) => method === 'fs/missingChanged'),
      );
    },
    'the reference does not watch through links',
  );

  ours(
    'write: large base64 that is wrong is told about as fast as a right one is written',
    async (t) => {
      const server = await t.ownServer();
      const { client } = await t.session(server);
      const path = uri(`${await t.dir()}/file`);
      const right = b64(Buffer.alloc(24 * MIB, 'abc'));
      const dataBase64 = `${right}\n`;
      const first = cpuMs(server.pid);
      await client.call('fs/writeFile', { path, dataBase64: right });
      const before = cpuMs(server.pid);
      assert.deepEqual(await client.fails('fs/writeFile', { path, dataBase64 }), {
        code: -32600,
        message: `fs/writeFile requires valid base64 dataBase64: Invalid symbol 10, offset ${String(dataBase64.length - 1)}.`,
      });
      const [written, told] = [before - first, cpuMs(server.pid) - before];
      assert.ok(told <= TIMES * written, `${String(told)} ms to tell, ${String(written)} ms to write`);
    },
    'about our processor time',
  );
});
