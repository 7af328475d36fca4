import assert from 'node:assert/strict';
import { lstat, mkdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { both } from './cases.js';
import { uri } from './session.js';

const NOT_FOUND = { code: -32004, message: 'No such file or directory (os error 2)' };

describe('fs/createDirectory', () => {
  both('files: recursive by default; an existing folder is fine', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    for (const recursive of [undefined, null, true])
      assert.deepEqual(await client.call('fs/createDirectory', { path: uri(`${dir}/a/b/c`), recursive }), {});
    assert.ok((await stat(`${dir}/a/b/c`)).isDirectory());
  });

  both('files: not recursive: an existing folder is -32603, a missing parent -32004', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    const make = { recursive: false };
    assert.deepEqual(await client.call('fs/createDirectory', { path: uri(`${dir}/a`), ...make }), {});
    assert.deepEqual(await client.fails('fs/createDirectory', { path: uri(`${dir}/a`), ...make }), {
      code: -32603,
      message: 'File exists (os error 17)',
    });
    assert.deepEqual(
      await client.fails('fs/createDirectory', { path: uri(`${dir}/x/y`), ...make }),
      NOT_FOUND,
    );
  });

  both('files: a file in the way is -32603', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await writeFile(`${dir}/f`, '');
    for (const path of [`${dir}/f`, `${dir}/f/x`])
      assert.equal((await client.fails('fs/createDirectory', { path: uri(path) })).code, -32603);
  });
});

describe('fs/getMetadata', () => {
  both('files: a file, with all six members as integers and booleans', async (t) => {
    const { client } = await t.session();
    const path = `${await t.dir()}/f`;
    await writeFile(path, '12345');
    await utimes(path, 1, 1_700_000_000.125);
    const { createdAtMs, ...rest } = await client.call('fs/getMetadata', { path: uri(path) });
    assert.ok(Number.isInteger(createdAtMs));
    assert.deepEqual(rest, {
      isDirectory: false,
      isFile: true,
      isSymlink: false,
      size: 5,
      modifiedAtMs: 1_700_000_000_125,
    });
  });

  both('files: a directory', async (t) => {
    const { client } = await t.session();
    const { isDirectory, isFile, isSymlink } = await client.call('fs/getMetadata', {
      path: uri(await t.dir()),
    });
    assert.deepEqual([isDirectory, isFile, isSymlink], [true, false, false]);
  });

  both('files: links are followed; isSymlink tells about the path itself', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await writeFile(`${dir}/f`, '12345');
    await symlink('f', `${dir}/link`);
    const { isFile, isSymlink, size } = await client.call('fs/getMetadata', { path: uri(`${dir}/link`) });
    assert.deepEqual([isFile, isSymlink, size], [true, true, 5]);
  });

  both('files: missing files and dangling links are -32004', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await symlink('gone', `${dir}/dangling`);
    for (const name of ['gone', 'dangling'])
      assert.deepEqual(await client.fails('fs/getMetadata', { path: uri(`${dir}/${name}`) }), NOT_FOUND);
  });

  both('files: what is neither a file nor a folder is neither', async (t) => {
    const { client } = await t.session();
    const { isDirectory, isFile } = await client.call('fs/getMetadata', { path: 'file:///dev/null' });
    assert.deepEqual([isDirectory, isFile], [false, false]);
  });
});

describe('fs/canonicalize', () => {
  both('files: links are resolved, and the answer is a URI', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await mkdir(`${dir}/a b`);
    await symlink('a b', `${dir}/link`);
    const { path } = await client.call('fs/canonicalize', { path: `${uri(dir)}/link/../link/` });
    assert.equal(path, `${uri(dir)}/a%20b`);
  });

  both('files: what is not there is -32004, a loop of links -32603', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await symlink('loop', `${dir}/loop`);
    assert.deepEqual(await client.fails('fs/canonicalize', { path: uri(`${dir}/gone`) }), NOT_FOUND);
    const loop = await client.fails('fs/canonicalize', { path: uri(`${dir}/loop`) });
    assert.equal(loop.code, -32603);
    assert.match(loop.message, /\(os error 40\)$/);
  });
});

describe('fs/remove', () => {
  both('files: removes files and, by default, whole folders', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await mkdir(`${dir}/a/b`, { recursive: true });
    await writeFile(`${dir}/a/b/f`, '');
    await writeFile(`${dir}/f`, '');
    for (const path of [`${dir}/a`, `${dir}/f`]) {
      assert.deepEqual(await client.call('fs/remove', { path: uri(path) }), {});
      await assert.rejects(lstat(path));
    }
  });

  both('files: with force, which is the default, a missing path is fine; else -32004', async (t) => {
    const { client } = await t.session();
    const path = uri(`${await t.dir()}/gone`);
    for (const force of [undefined, null, true])
      assert.deepEqual(await client.call('fs/remove', { path, force }), {});
    assert.deepEqual(await client.fails('fs/remove', { path, force: false }), NOT_FOUND);
  });

  both('files: not recursive, a full folder is -32603 and stays, a file goes', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await writeFile(`${dir}/f`, '');
    const options = { recursive: false, force: false };
    assert.equal((await client.fails('fs/remove', { path: uri(dir), ...options })).code, -32603);
    await lstat(`${dir}/f`);
    assert.deepEqual(await client.call('fs/remove', { path: uri(`${dir}/f`), ...options }), {});
    assert.deepEqual(await client.call('fs/remove', { path: uri(dir), ...options }), {});
    await assert.rejects(lstat(dir));
  });

  both('files: links are removed, not followed', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await mkdir(`${dir}/real`);
    await writeFile(`${dir}/real/f`, 'kept');
    await mkdir(`${dir}/tree`);
    await symlink('../real', `${dir}/tree/inner`);
    await symlink('real', `${dir}/link`);
    for (const name of ['link', 'tree']) {
      await client.call('fs/remove', { path: uri(`${dir}/${name}`) });
      await assert.rejects(lstat(`${dir}/${name}`));
    }
    assert.equal(await readFile(`${dir}/real/f`, 'utf8'), 'kept');
  });
});
