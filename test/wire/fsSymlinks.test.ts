import assert from 'node:assert/strict';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { both } from './cases.js';
import type { Json } from './client.js';
import { uri } from './session.js';

const REFUSED =
  /path contains a symbolic link|Symbolic link loop \(os error 40\)|Not a directory \(os error 20\)/;
const CALLS: [string, Json][] = [
  ['fs/readFile', {}],
  ['fs/writeFile', { dataBase64: '' }],
  ['fs/getMetadata', {}],
];

describe('followSymlinks', () => {
  for (const [method, more] of CALLS) {
    both(`files: ${method} with followSymlinks false refuses links, at the end and on the way`, async (t) => {
      const { client } = await t.session();
      const dir = await t.dir();
      await mkdir(`${dir}/real`);
      await writeFile(`${dir}/real/f`, 'x');
      await symlink('real', `${dir}/folder`);
      await symlink('f', `${dir}/real/link`);
      for (const name of ['folder/f', 'real/link']) {
        const path = uri(`${dir}/${name}`);
        const { code, message } = await client.fails(method, { path, followSymlinks: false, ...more });
        assert.ok(code === -32600 || code === -32603, String(code));
        assert.match(message, REFUSED);
      }
      assert.equal(await readFile(`${dir}/real/f`, 'utf8'), 'x');
      for (const followSymlinks of [true, null, undefined])
        assert.ok(await client.call(method, { path: uri(`${dir}/folder/f`), followSymlinks, ...more }));
      assert.ok(await client.call(method, { path: uri(`${dir}/real/f`), followSymlinks: false, ...more }));
    });
  }

  both('files: fs/createDirectory with followSymlinks false does not go through a link', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await mkdir(`${dir}/real`);
    await symlink('real', `${dir}/folder`);
    const make = (path: string): Json => ({ path: uri(path), followSymlinks: false });
    assert.match((await client.fails('fs/createDirectory', make(`${dir}/folder/x`))).message, REFUSED);
    assert.deepEqual(await client.call('fs/createDirectory', make(`${dir}/real/x/y`)), {});
  });

  both('files: fs/remove with followSymlinks false and recursive, its default, is -32603', async (t) => {
    const { client } = await t.session();
    const path = uri(await t.dir());
    assert.equal((await client.fails('fs/remove', { path, followSymlinks: false })).code, -32603);
  });
});
