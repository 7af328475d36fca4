import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { both } from './cases.js';
import type { Client } from './client.js';
import { uri } from './session.js';

interface Entry {
  fileName: string;
  isDirectory: boolean;
  isFile: boolean;
}

/** By name: D for a directory, F for a file, - for neither. */
async function list(client: Client, dir: string): Promise<Record<string, string>> {
  const { entries } = await client.call('fs/readDirectory', { path: uri(dir) });
  const kind = ({ isDirectory, isFile }: Entry): string => (isDirectory ? 'D' : isFile ? 'F' : '-');
  return Object.fromEntries((entries as Entry[]).map((entry) => [entry.fileName, kind(entry)]));
}

describe('fs/readDirectory', () => {
  both('files: names with their kinds, hidden ones included, "." and ".." not', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    assert.deepEqual(await list(client, dir), {});
    await mkdir(`${dir}/folder`);
    for (const name of ['file', '.hidden', 'a b', '\u00e9\u2713', '100%'])
      await writeFile(`${dir}/${name}`, '');
    execFileSync('mkfifo', [`${dir}/fifo`]);
    assert.deepEqual(await list(client, dir), {
      folder: 'D',
      file: 'F',
      '.hidden': 'F',
      'a b': 'F',
      '\u00e9\u2713': 'F',
      '100%': 'F',
      fifo: '-',
    });
  });

  both('files: links are told as what they lead to; those that lead nowhere are left out', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await mkdir(`${dir}/real`);
    await writeFile(`${dir}/real/f`, '');
    await symlink('f', `${dir}/real/file`);
    await symlink('.', `${dir}/real/folder`);
    await symlink('gone', `${dir}/real/dangling`);
    await symlink('ring', `${dir}/real/ring`);
    await symlink('real', `${dir}/link`);
    const expected = { f: 'F', file: 'F', folder: 'D' };
    assert.deepEqual(await list(client, `${dir}/real`), expected);
    assert.deepEqual(await list(client, `${dir}/link`), expected);
  });

  both('files: bytes of a name that are no UTF-8 are replaced', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await writeFile(Buffer.concat([Buffer.from(`${dir}/x`), Buffer.from([0xff])]), '');
    assert.deepEqual(await list(client, dir), { 'x\ufffd': 'F' });
  });

  both('files: a directory of 5,000 names comes whole', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    const names = Array.from({ length: 5000 }, (_, i) => `${dir}/${String(i)}`);
    await Promise.all(names.map((name) => writeFile(name, '')));
    assert.equal(Object.keys(await list(client, dir)).length, 5000);
  });

  both('files: a file is -32603, what is not there -32004', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await writeFile(`${dir}/f`, '');
    assert.deepEqual(await client.fails('fs/readDirectory', { path: uri(`${dir}/f`) }), {
      code: -32603,
      message: 'Not a directory (os error 20)',
    });
    assert.deepEqual(await client.fails('fs/readDirectory', { path: uri(`${dir}/gone`) }), {
      code: -32004,
      message: 'No such file or directory (os error 2)',
    });
  });
});
