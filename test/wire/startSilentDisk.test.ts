import assert from 'node:assert/strict';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { both, ours, type Case } from './cases.js';
import type { Json } from './client.js';
import { PATH, startParams, uri, type Session } from './session.js';
import { SilentDisk } from './silentDisk.js';

/** More than any pool has threads. */
const STARTS = 6;

/** Each needs the disk in its own way. */
function ways(disk: string, links: string): [string[], Json][] {
  return [
    [['true'], { env: { PATH: `${disk}:${PATH}` } }],
    [['true'], { env: { PATH: `${disk}:${PATH}` }, tty: true }],
    [['/bin/true'], { cwd: uri(disk) }],
    [['/bin/true'], { cwd: uri(`${disk}/folder`), tty: true }],
    [['/bin/true'], { cwd: `${uri(disk)}/%FF` }],
    [[`${disk}/file`], {}],
    [[`${links}/link/file`], {}],
    // Scripts and binaries of a good disk that something on this one runs.
    [[`${links}/script`], {}],
    [[`${links}/script`], { tty: true }],
    [[`${links}/scriptOfScript`], {}],
    [[`${links}/binary`], {}],
  ];
}

/** A copy of a program whose loader is elsewhere: the name is put behind the rest, and the header points there. */
async function binaryWithLoader(loader: string): Promise<Buffer> {
  const program = Buffer.concat([await readFile('/bin/true'), Buffer.from(`${loader}\0`)]);
  const start = Number(program.readBigUInt64LE(32));
  for (let index = 0; index < program.readUInt16LE(56); index++) {
    const entry = start + index * program.readUInt16LE(54);
    if (program.readUInt32LE(entry) !== 3) continue;
    program.writeBigUInt64LE(BigInt(program.length - loader.length - 1), entry + 8);
    program.writeBigUInt64LE(BigInt(loader.length + 1), entry + 32);
  }
  return program;
}

async function prepare(t: Case): Promise<{ disk: SilentDisk; links: string }> {
  t.timeout(180_000);
  const disk = await SilentDisk.mount(t);
  const links = await t.dir();
  await symlink(disk.path, `${links}/link`);
  await writeFile(`${links}/script`, `#!${disk.path}/file\n`, { mode: 0o755 });
  await writeFile(`${links}/scriptOfScript`, `#!${links}/script\n`, { mode: 0o755 });
  await writeFile(`${links}/binary`, await binaryWithLoader(`${disk.path}/file`), { mode: 0o755 });
  return { disk, links };
}

/** Everything that has nothing to do with the disk. */
async function allWork(t: Case, session: Session): Promise<void> {
  const dir = await t.dir();
  await mkdir(`${dir}/folder`);
  assert.equal(await session.text('pwd', { cwd: uri(`${dir}/folder`) }), `${dir}/folder`);
  const terminal = await session.run('tty', { tty: true });
  assert.match(terminal.text(), /^\/dev\/pts\//);
  const found = await session.start(['cat', '/dev/null'], { env: { PATH: `/nowhere:${PATH}` } });
  await found.closed();
  await assert.rejects(session.start(['no-such-program']), /No such file/);
  await session.client.call('fs/writeFile', { path: uri(`${dir}/file`), dataBase64: 'YQ==' });
  assert.equal(await readFile(`${dir}/file`, 'utf8'), 'a');
}

describe('start: a disk that does not answer', () => {
  ours(
    'start: holds up what is started from it or in it, and nothing else',
    async (t) => {
      const { disk, links } = await prepare(t);
      const server = await t.ownServer();
      const healthy = await t.session(server);
      const running = await healthy.start(['sleep', '1000']);
      disk.fallSilent();
      const waiting = [];
      for (const [argv, more] of ways(disk.path, links)) {
        const { client } = await t.session(server);
        waiting.push(client.answer(client.post('process/start', startParams(argv, more))));
      }
      await allWork(t, healthy);
      await allWork(t, await t.session(server));
      await healthy.client.call('process/terminate', { processId: running.id });
      await running.closed();
      disk.answer();
      await Promise.all(waiting);
      await allWork(t, healthy);
    },
    'one such disk holds up everybody of the reference',
  );

  both('start: a program that is found before the disk in the PATH needs no answer of it', async (t) => {
    const { disk } = await prepare(t);
    const session = await t.session(await t.ownServer());
    disk.fallSilent();
    for (let index = 0; index < STARTS; index++) {
      const proc = await session.start(['sh', '-c', 'echo ok'], { env: { PATH: `${PATH}:${disk.path}` } });
      await proc.closed();
      assert.equal(proc.text(), 'ok\n');
    }
  });

  ours(
    'bounds: a start waits with others of the connection not held up, can be cancelled, and is refused when too many wait',
    async (t) => {
      const { disk } = await prepare(t);
      const { client } = await t.session(await t.ownServer());
      disk.fallSilent();
      const post = (processId: string) =>
        client.answer(
          client.post('process/start', startParams(['/bin/true'], { processId, cwd: uri(disk.path) })),
        );
      const answers = Array.from({ length: 3 * STARTS }, (_, index) => post(`p${index}`));
      const healthy = await t.session(await t.ownServer());
      await allWork(t, healthy);
      assert.deepEqual(await client.call('process/terminate', { processId: 'p0' }), { running: true });
      assert.equal((await answers[0])?.error?.message, 'process p0 start was cancelled');
      const { error } = (await answers.at(-1)) ?? {};
      assert.equal(error?.code, -32603);
      assert.match(error.message, /^the disk at `.*` does not answer: \d+ operations have waited for it/);
      assert.ok(error.message.includes(disk.path));
      disk.answer();
      const all = await Promise.all(answers);
      assert.ok(all.some(({ result }) => result !== undefined));
      await post('again');
    },
  );
});
