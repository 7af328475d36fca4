import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { both } from './cases.js';
import type { Client, Json } from './client.js';
import { uri } from './session.js';

const OPTIONS = {
  maxDepth: 6,
  maxDirectories: 2000,
  maxEntries: 20_000,
  followDirectorySymlinks: true,
  pruneHiddenDirectories: false,
};

interface Walk {
  entries: { path: string; kind: string }[];
  errors: { path: string; message: string }[];
  truncated: boolean;
}

async function walk(
  client: Client,
  dir: string,
  options: Json = {},
): Promise<{ names: string[]; result: Walk }> {
  const params = { path: uri(dir), options: { ...OPTIONS, ...options } };
  const result = (await client.call('fs/walk', params)) as unknown as Walk;
  const names = result.entries.map(({ path, kind }) => {
    assert.ok(path.startsWith(`${uri(dir)}/`), path);
    return path.slice(uri(dir).length + 1) + (kind === 'directory' ? '/' : '');
  });
  return { names, result };
}

/** b/, b/c/, b/c/deep, b/f, a, z, .hidden/, .hidden/x */
async function tree(dir: string): Promise<void> {
  await mkdir(`${dir}/b/c`, { recursive: true });
  await mkdir(`${dir}/.hidden`);
  for (const name of ['z', 'a', 'b/f', 'b/c/deep', '.hidden/x']) await writeFile(`${dir}/${name}`, '');
}

describe('fs/walk', () => {
  both('files: breadth first, sorted by name, without the root', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await tree(dir);
    const { names, result } = await walk(client, dir);
    assert.deepEqual(names, ['.hidden/', 'a', 'b/', 'z', '.hidden/x', 'b/c/', 'b/f', 'b/c/deep']);
    assert.deepEqual([result.errors, result.truncated], [[], false]);
  });

  both("files: maxDepth 0 lists the root's children only", async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await tree(dir);
    assert.deepEqual((await walk(client, dir, { maxDepth: 0 })).names, ['.hidden/', 'a', 'b/', 'z']);
    const { names } = await walk(client, dir, { maxDepth: 1 });
    assert.deepEqual(names.slice(4), ['.hidden/x', 'b/c/', 'b/f']);
  });

  both('files: hidden folders are listed but not entered with pruneHiddenDirectories', async (t) => {
    const { client } = await t.session();
    const dir = `${await t.dir()}/.root`;
    await mkdir(dir);
    await tree(dir);
    const { names } = await walk(client, dir, { pruneHiddenDirectories: true });
    assert.deepEqual(names, ['.hidden/', 'a', 'b/', 'z', 'b/c/', 'b/f', 'b/c/deep']);
  });

  both(
    'files: links are left out, except to folders when those are followed; no loop is walked',
    async (t) => {
      const { client } = await t.session();
      const dir = await t.dir();
      const other = await t.dir();
      await writeFile(`${other}/inside`, '');
      await writeFile(`${dir}/f`, '');
      await symlink('f', `${dir}/fileLink`);
      await symlink('gone', `${dir}/dangling`);
      await symlink(other, `${dir}/folderLink`);
      await symlink('.', `${dir}/self`);
      const plain = await walk(client, dir, { followDirectorySymlinks: false });
      assert.deepEqual(plain.names, ['f']);
      const { result } = await walk(client, dir);
      const paths = result.entries.map((e) => e.path);
      assert.ok(paths.includes(uri(`${dir}/folderLink`)));
      assert.equal(paths.filter((path) => path.endsWith('/inside')).length, 1);
      assert.equal(paths.filter((path) => path.endsWith('/f')).length, 1);
    },
  );

  both('files: maxEntries and maxDirectories cut, and the answer says so', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await tree(dir);
    const entries = await walk(client, dir, { maxEntries: 3 });
    assert.deepEqual([entries.names.length, entries.result.truncated], [3, true]);
    const folders = await walk(client, dir, { maxDirectories: 1 });
    assert.deepEqual([folders.names.includes('b/f'), folders.result.truncated], [false, true]);
  });

  both('files: limits of zero are -32600', async (t) => {
    const { client } = await t.session();
    const path = uri(await t.dir());
    for (const more of [{ maxEntries: 0 }, { maxDirectories: 0 }])
      assert.deepEqual(await client.fails('fs/walk', { path, options: { ...OPTIONS, ...more } }), {
        code: -32600,
        message: 'filesystem walk limits must be greater than zero',
      });
  });

  both('files: limits beyond the maximums are -32600', async (t) => {
    const { client } = await t.session();
    const path = uri(await t.dir());
    for (const more of [{ maxDepth: 65 }, { maxDirectories: 10_001 }, { maxEntries: 50_001 }])
      assert.deepEqual(await client.fails('fs/walk', { path, options: { ...OPTIONS, ...more } }), {
        code: -32600,
        message: 'filesystem walk limits exceed maximums: depth=64, directories=10000, entries=50000',
      });
  });

  both('files: a file as root gives nothing, a missing root is -32004', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await writeFile(`${dir}/f`, '');
    const { result } = await walk(client, `${dir}/f`);
    assert.deepEqual(result, { entries: [], errors: [], truncated: false });
    const error = await client.fails('fs/walk', { path: uri(`${dir}/gone`), options: OPTIONS });
    assert.equal(error.code, -32004);
  });

  for (const name of ['maxDepth', 'maxDirectories', 'maxEntries', 'followDirectorySymlinks']) {
    both(`files: ${name} is required, pruneHiddenDirectories is not`, async (t) => {
      const { client } = await t.session();
      const path = uri(await t.dir());
      const options = { ...OPTIONS, pruneHiddenDirectories: undefined };
      assert.ok(await client.call('fs/walk', { path, options }));
      const error = await client.fails('fs/walk', { path, options: { ...options, [name]: undefined } });
      assert.equal(error.code, -32602);
      assert.ok(error.message.startsWith(`missing field \`${name}\``), error.message);
    });
  }
});
