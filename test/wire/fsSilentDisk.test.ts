import assert from 'node:assert/strict';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { ours, type Case } from './cases.js';
import type { Client, Json, Message } from './client.js';
import { b64, handshake, uri } from './session.js';
import { SilentDisk } from './silentDisk.js';
import type { Server } from './target.js';

const WALK = { maxDepth: 64, maxDirectories: 10_000, maxEntries: 50_000, followDirectorySymlinks: false };
/** More than any pool has. */
const CLIENTS = 5;

async function client(t: Case, server: Server): Promise<Client> {
  return (await t.session(server)).client;
}

/** One request of each kind that looks at a folder with `file` and `folder` in it, in an order that makes sense. */
function requests(dir: string): [string, Json][] {
  const [file, made] = [uri(`${dir}/file`), uri(`${dir}/made`)];
  return [
    ['fs/getMetadata', { path: file }],
    ['fs/readFile', { path: file }],
    ['fs/readFile', { path: file, followSymlinks: false }],
    ['fs/canonicalize', { path: file }],
    ['fs/readDirectory', { path: uri(dir) }],
    ['fs/walk', { path: uri(dir), options: WALK }],
    ['fs/open', { handleId: dir.slice(-32), path: file }],
    ['fs/readBlock', { handleId: dir.slice(-32), offset: 0, len: 7 }],
    ['fs/close', { handleId: dir.slice(-32) }],
    ['fs/writeFile', { path: made, dataBase64: b64('made') }],
    ['fs/copy', { sourcePath: uri(`${dir}/folder`), destinationPath: uri(`${dir}/copy`), recursive: true }],
    ['fs/createDirectory', { path: uri(`${dir}/deep/er`) }],
    ['fs/remove', { path: uri(`${dir}/deep`) }],
    ['fs/watchMissing', { watchId: 1, missing: [uri(`${dir}/missing`)], present: null }],
  ];
}

async function plant(t: Case): Promise<string> {
  const dir = await t.dir();
  await mkdir(`${dir}/folder`);
  await writeFile(`${dir}/file`, 'content');
  return dir;
}

async function allWork(works: Client, dir: string): Promise<void> {
  for (const [method, params] of requests(dir)) await works.call(method, params);
  assert.equal(await readFile(`${dir}/made`, 'utf8'), 'made');
}

describe('a disk that does not answer', () => {
  ours(
    'files: holds up those who ask for it, and nobody else',
    async (t) => {
      t.timeout(120_000);
      const disk = await SilentDisk.mount(t);
      const good = await plant(t);
      const links = await t.dir();
      await symlink(disk.path, `${links}/link`);
      const server = await t.ownServer();
      const healthy = await client(t, server);
      const waiting: Promise<Message>[] = [];
      disk.fallSilent();
      for (let index = 0; index < CLIENTS; index += 1) {
        const asks = await client(t, server);
        const path = index % 2 === 0 ? disk.path : `${links}/link`;
        for (const [method, params] of requests(path)) {
          // What has no file to work on would fail for that reason.
          if (!/Block|close/.test(method)) waiting.push(asks.answer(asks.post(method, params)));
        }
      }
      await allWork(healthy, good);
      assert.deepEqual(await healthy.call('fs/walk', { path: uri(links), options: WALK }), {
        entries: [],
        errors: [],
        truncated: false,
      });
      const { client: late } = await handshake(await t.connect(server));
      const other = await plant(t);
      await Promise.all([
        allWork(late, other),
        ...Array.from({ length: 20 }, () => healthy.call('fs/readDirectory', { path: uri(other) })),
      ]);
      disk.answer();
      await Promise.all(waiting);
      assert.deepEqual(await healthy.call('fs/readFile', { path: uri(`${disk.path}/file`) }), {
        dataBase64: b64('content'),
      });
    },
    'one such disk holds up everybody of the reference',
  );

  ours('bounds: more than may wait for it are told its name; when it answers, all is well', async (t) => {
    const disk = await SilentDisk.mount(t);
    const server = await t.ownServer();
    const asks = await client(t, server);
    const path = uri(`${disk.path}/file`);
    disk.fallSilent();
    const ids = Array.from({ length: 30 }, () => asks.post('fs/readFile', { path }));
    const refused = await asks.wait('a refusal', () => asks.log.find(({ error }) => error));
    assert.equal(refused.error?.code, -32603);
    assert.equal(refused.error.message.split(':')[0], `the disk at \`${disk.path}\` does not answer`);
    disk.answer();
    const answers = await Promise.all(ids.map((id) => asks.answer(id)));
    const read = answers.filter(({ result }) => result);
    assert.ok(read.length > 0 && read.length < 30, `${read.length} were read`);
    assert.deepEqual(await asks.call('fs/readFile', { path }), { dataBase64: b64('content') });
  });

  ours('bounds: clients that ask and leave leave nothing that holds up others', async (t) => {
    const disk = await SilentDisk.mount(t);
    const good = await plant(t);
    const server = await t.ownServer();
    disk.fallSilent();
    for (let round = 0; round < 8; round += 1) {
      const asks = await client(t, server);
      for (const [method, params] of requests(disk.path)) asks.post(method, params);
      await asks.call('environment/status');
      await asks.drop();
    }
    await allWork(await client(t, server), good);
  });

  ours('bounds: the server ends at a signal all the same', async (t) => {
    const disk = await SilentDisk.mount(t);
    const server = await t.ownServer();
    const asks = await client(t, server);
    disk.fallSilent();
    for (const [method, params] of requests(disk.path)) asks.post(method, params);
    await asks.call('environment/status');
    assert.equal(await server.stop('SIGTERM'), 0);
  });
});
