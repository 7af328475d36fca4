import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, lstat, mkdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { both, ours, type Case } from './cases.js';
import type { Client, Json } from './client.js';
import { uri } from './session.js';

const INVALID = -32600;
const ONLY = 'fs/copy only supports regular files, directories, and symlinks';
const DESCENDANT = 'fs/copy cannot copy a directory to itself or one of its descendants';
const FILE_EXISTS = { code: -32603, message: 'File exists (os error 17)' };

const params = (from: string, to: string, recursive: boolean): Json => ({
  sourcePath: uri(from),
  destinationPath: uri(to),
  recursive,
});
const copy = (client: Client, from: string, to: string, recursive = true): Promise<Json> =>
  client.call('fs/copy', params(from, to, recursive));
const fails = (client: Client, from: string, to: string, recursive = true) =>
  client.fails('fs/copy', params(from, to, recursive));

/** from/a (mode 640), from/sub/b (mode 755), from/link → a, from/dangling → gone, from/folder → sub */
async function ready(t: Case): Promise<{ client: Client; dir: string }> {
  const { client } = await t.session();
  const dir = await t.dir();
  await mkdir(`${dir}/from/sub`, { recursive: true });
  await writeFile(`${dir}/from/a`, 'A');
  await chmod(`${dir}/from/a`, 0o640);
  await writeFile(`${dir}/from/sub/b`, 'BB');
  await chmod(`${dir}/from/sub/b`, 0o755);
  await symlink('a', `${dir}/from/link`);
  await symlink('gone', `${dir}/from/dangling`);
  await symlink('sub', `${dir}/from/folder`);
  return { client, dir };
}

const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o7777;

describe('fs/copy', () => {
  both('files: a file with its mode, to a new place and over a file', async (t) => {
    const { client, dir } = await ready(t);
    await writeFile(`${dir}/old`, 'longer than the new one');
    for (const to of [`${dir}/new`, `${dir}/old`]) {
      assert.deepEqual(await copy(client, `${dir}/from/a`, to, false), {});
      assert.equal(await readFile(to, 'utf8'), 'A');
      assert.equal(await mode(to), 0o640);
    }
  });

  both('files: a directory with everything below it; links stay links', async (t) => {
    const { client, dir } = await ready(t);
    assert.deepEqual(await copy(client, `${dir}/from`, `${dir}/to`), {});
    assert.equal(await readFile(`${dir}/to/a`, 'utf8'), 'A');
    assert.equal(await readFile(`${dir}/to/sub/b`, 'utf8'), 'BB');
    assert.deepEqual([await mode(`${dir}/to/a`), await mode(`${dir}/to/sub/b`)], [0o640, 0o755]);
    for (const [name, target] of [
      ['link', 'a'],
      ['dangling', 'gone'],
      ['folder', 'sub'],
    ] as const)
      assert.equal(await readlink(`${dir}/to/${name}`), target);
  });

  both('files: directories merge, and parents are made', async (t) => {
    const { client, dir } = await ready(t);
    await mkdir(`${dir}/to/sub`, { recursive: true });
    await writeFile(`${dir}/to/a`, 'old and longer');
    await writeFile(`${dir}/to/sub/other`, 'kept');
    await copy(client, `${dir}/from/sub`, `${dir}/to/sub`);
    await copy(client, `${dir}/from`, `${dir}/to`);
    assert.equal(await readFile(`${dir}/to/a`, 'utf8'), 'A');
    assert.equal(await readFile(`${dir}/to/sub/b`, 'utf8'), 'BB');
    assert.equal(await readFile(`${dir}/to/sub/other`, 'utf8'), 'kept');
    await copy(client, `${dir}/from/sub`, `${dir}/x/y/z`);
    assert.equal(await readFile(`${dir}/x/y/z/b`, 'utf8'), 'BB');
  });

  both('files: a link itself is copied as a link, whatever it leads to', async (t) => {
    const { client, dir } = await ready(t);
    for (const name of ['link', 'dangling', 'folder']) {
      await copy(client, `${dir}/from/${name}`, `${dir}/${name}`, false);
      assert.ok((await lstat(`${dir}/${name}`)).isSymbolicLink());
    }
  });

  both('files: over a link to a file, the file is written', async (t) => {
    const { client, dir } = await ready(t);
    await copy(client, `${dir}/from/sub/b`, `${dir}/from/link`, false);
    assert.equal(await readlink(`${dir}/from/link`), 'a');
    assert.equal(await readFile(`${dir}/from/a`, 'utf8'), 'BB');
  });

  both('files: a directory needs recursive: true, which is required', async (t) => {
    const { client, dir } = await ready(t);
    assert.deepEqual(await fails(client, `${dir}/from`, `${dir}/to`, false), {
      code: INVALID,
      message: 'fs/copy requires recursive: true when sourcePath is a directory',
    });
    await assert.rejects(stat(`${dir}/to`));
    for (const recursive of [undefined, null])
      assert.equal(
        (await client.fails('fs/copy', { ...params(`${dir}/from`, `${dir}/to`, true), recursive })).code,
        -32602,
      );
  });

  both('files: a directory is not copied to itself or below, also not through a link', async (t) => {
    const { client, dir } = await ready(t);
    await symlink('from', `${dir}/alias`);
    for (const to of ['from', 'from/sub/x', 'alias/x'])
      assert.deepEqual(await fails(client, `${dir}/from`, `${dir}/${to}`), {
        code: INVALID,
        message: DESCENDANT,
      });
    await assert.rejects(stat(`${dir}/from/x`));
    assert.deepEqual(await copy(client, `${dir}/from`, `${dir}/from-next`), {});
  });

  both('files: FIFOs and devices are refused without waiting, and left out of directories', async (t) => {
    const { client, dir } = await ready(t);
    execFileSync('mkfifo', [`${dir}/from/fifo`]);
    for (const from of [`${dir}/from/fifo`, '/dev/null', '/dev/zero'])
      assert.deepEqual(await fails(client, from, `${dir}/to`, false), { code: INVALID, message: ONLY });
    await copy(client, `${dir}/from`, `${dir}/to`);
    assert.equal(await readFile(`${dir}/to/a`, 'utf8'), 'A');
    await assert.rejects(lstat(`${dir}/to/fifo`));
  });

  both('files: what is in the way or missing is told', async (t) => {
    const { client, dir } = await ready(t);
    const from = `${dir}/from`;
    assert.equal((await fails(client, `${from}/a`, `${from}/sub`)).code, -32603);
    assert.deepEqual(await fails(client, `${from}/sub`, `${from}/a`), FILE_EXISTS);
    assert.deepEqual(await fails(client, `${from}/link`, `${from}/a`), FILE_EXISTS);
    for (const [source, target] of [
      ['gone', 'to'],
      ['from/a', 'no/where'],
    ] as const)
      assert.equal((await fails(client, `${dir}/${source}`, `${dir}/${target}`)).code, -32004);
    assert.equal(await readFile(`${from}/a`, 'utf8'), 'A');
  });

  ours(
    'files: a file that is copied onto itself stays as it is',
    async (t) => {
      const { client, dir } = await ready(t);
      await client.answer(client.post('fs/copy', params(`${dir}/from/a`, `${dir}/from/a`, false)));
      assert.equal(await readFile(`${dir}/from/a`, 'utf8'), 'A');
    },
    'the reference empties it',
  );
});
