import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstat, mkdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { both, type Case } from './cases.js';
import type { Client } from './client.js';
import { b64, uri } from './session.js';

const NOT_FOUND = { code: -32004, message: 'No such file or directory (os error 2)' };
const NOT_A_DIRECTORY = { code: -32603, message: 'Not a directory (os error 20)' };
const noFollow = { followSymlinks: false };
/** Nothing tells that a notification does not come. */
const SILENCE_MS = 300;

/** real/f, real/link → f, folder → real, dangling → gone */
async function ready(t: Case): Promise<{ client: Client; dir: string }> {
  const { client } = await t.session();
  const dir = await t.dir();
  await mkdir(`${dir}/real`);
  await writeFile(`${dir}/real/f`, 'x');
  await symlink('f', `${dir}/real/link`);
  await symlink('real', `${dir}/folder`);
  await symlink('gone', `${dir}/dangling`);
  return { client, dir };
}

describe('links at the end of a path', () => {
  both('files: fs/writeFile through a dangling link makes what it names', async (t) => {
    const { client, dir } = await ready(t);
    await client.call('fs/writeFile', { path: uri(`${dir}/dangling`), dataBase64: b64('new') });
    assert.equal(await readFile(`${dir}/gone`, 'utf8'), 'new');
    assert.equal(await readlink(`${dir}/dangling`), 'gone');
  });

  both('files: fs/open with replace goes through a link too', async (t) => {
    const { client, dir } = await ready(t);
    await client.call('fs/open', { handleId: 'h', path: uri(`${dir}/real/link`), mode: 'replace' });
    assert.equal(await readFile(`${dir}/real/f`, 'utf8'), '');
    assert.ok((await lstat(`${dir}/real/link`)).isSymbolicLink());
  });

  both('files: fs/createDirectory takes a link to a directory for one, and no other link', async (t) => {
    const { client, dir } = await ready(t);
    assert.deepEqual(await client.call('fs/createDirectory', { path: uri(`${dir}/folder`) }), {});
    for (const name of ['real/link', 'dangling'])
      assert.equal((await client.fails('fs/createDirectory', { path: uri(`${dir}/${name}`) })).code, -32603);
    await client.call('fs/createDirectory', { path: uri(`${dir}/folder/a/b`) });
    assert.ok((await stat(`${dir}/real/a/b`)).isDirectory());
  });

  both('files: fs/remove with followSymlinks false and not recursive removes no link', async (t) => {
    const { client, dir } = await ready(t);
    const remove = (name: string) => ({ path: uri(`${dir}/${name}`), recursive: false, ...noFollow });
    assert.deepEqual(await client.fails('fs/remove', remove('real/link')), {
      code: -32600,
      message: 'path contains a symbolic link',
    });
    assert.deepEqual(await client.fails('fs/remove', remove('folder/f')), NOT_A_DIRECTORY);
    assert.equal(await readFile(`${dir}/real/link`, 'utf8'), 'x');
    assert.deepEqual(await client.call('fs/remove', remove('real/f')), {});
    assert.deepEqual(await client.call('fs/remove', remove('real/f')), {}, 'force, which is the default');
    assert.deepEqual(await client.fails('fs/remove', { ...remove('real/f'), force: false }), NOT_FOUND);
  });

  both('files: fs/remove of a link to a directory, also with a slash behind it, leaves that', async (t) => {
    const { client, dir } = await ready(t);
    await client.call('fs/remove', { path: `${uri(`${dir}/folder`)}/` });
    await assert.rejects(lstat(`${dir}/folder`));
    assert.equal(await readFile(`${dir}/real/f`, 'utf8'), 'x');
  });

  both(
    'files: with followSymlinks false what is not there and what is no file are told as ever',
    async (t) => {
      const { client, dir } = await ready(t);
      assert.deepEqual(
        await client.fails('fs/readFile', { path: uri(`${dir}/none/x`), ...noFollow }),
        NOT_FOUND,
      );
      assert.equal((await client.fails('fs/readFile', { path: uri(dir), ...noFollow })).code, -32600);
      const made = { path: uri(`${dir}/real/new`), dataBase64: b64('new'), ...noFollow };
      assert.deepEqual(await client.call('fs/writeFile', made), {});
      assert.equal(await readFile(`${dir}/real/new`, 'utf8'), 'new');
    },
  );
});

describe('modes of what is made', () => {
  both('files: files are made with 666 and directories with 777, less the umask', async (t) => {
    const { client, dir } = await ready(t);
    await client.call('fs/writeFile', { path: uri(`${dir}/file`), dataBase64: '' });
    await client.call('fs/open', { handleId: 'h', path: uri(`${dir}/blocks`), mode: 'replace' });
    await client.call('fs/createDirectory', { path: uri(`${dir}/made`) });
    const mask = parseInt(execFileSync('/bin/sh', ['-c', 'umask']).toString(), 8);
    for (const [name, mode] of [
      ['file', 0o666],
      ['blocks', 0o666],
      ['made', 0o777],
    ] as const)
      assert.equal((await stat(`${dir}/${name}`)).mode & 0o777, mode & ~mask, name);
  });
});

describe('more about file handles', () => {
  both('handles: what cannot be opened takes no id', async (t) => {
    const { client, dir } = await ready(t);
    const open = (name: string, mode: string) => ({ handleId: 'h', path: uri(`${dir}/${name}`), mode });
    for (const mode of ['read', 'replace']) {
      assert.deepEqual(await client.fails('fs/open', open('no/x', mode)), NOT_FOUND);
      assert.deepEqual(await client.fails('fs/open', open('real/f/x', mode)), NOT_A_DIRECTORY);
    }
    assert.equal((await client.fails('fs/open', open('real/f', 'append'))).code, -32602);
    assert.deepEqual(await client.call('fs/open', open('real/f', 'read')), { handleId: 'h' });
  });

  both('handles: an id of 32 bytes is taken', async (t) => {
    const { client, dir } = await ready(t);
    const handleId = '\u00e9'.repeat(16);
    await client.call('fs/open', { handleId, path: uri(`${dir}/real/f`) });
    assert.deepEqual(await client.call('fs/readBlock', { handleId, offset: 0, len: 9 }), {
      chunk: 'eA==',
      eof: true,
    });
  });

  both('handles: fs/writeBlock with a handle for reading is -32603, and writes nothing', async (t) => {
    const { client, dir } = await ready(t);
    await client.call('fs/open', { handleId: 'h', path: uri(`${dir}/real/f`) });
    const write = { handleId: 'h', offset: 0, chunk: b64('y') };
    assert.equal((await client.fails('fs/writeBlock', write)).code, -32603);
    assert.equal(await readFile(`${dir}/real/f`, 'utf8'), 'x');
  });

  both('handles: bad base64 in fs/writeBlock is -32602, and the handle stays', async (t) => {
    const { client, dir } = await ready(t);
    await client.call('fs/open', { handleId: 'h', path: uri(`${dir}/f`), mode: 'replace' });
    for (const chunk of ['!', 'eHg', '_-_-'])
      assert.equal((await client.fails('fs/writeBlock', { handleId: 'h', offset: 0, chunk })).code, -32602);
    assert.deepEqual(await client.call('fs/writeBlock', { handleId: 'h', offset: 0, chunk: 'eA==' }), {});
  });

  both('handles: an offset far behind the end reads nothing, and the handle stays', async (t) => {
    const { client, dir } = await ready(t);
    await client.call('fs/open', { handleId: 'h', path: uri(`${dir}/real/f`) });
    for (const offset of [2, 2 ** 31, 2 ** 32 + 1, 2 ** 53])
      assert.deepEqual(await client.call('fs/readBlock', { handleId: 'h', offset, len: 4 }), {
        chunk: '',
        eof: true,
      });
    assert.equal((await client.call('fs/readBlock', { handleId: 'h', offset: 0, len: 1 }))['chunk'], 'eA==');
  });

  both('handles: a file that is removed or renamed is read on through its handle', async (t) => {
    const { client, dir } = await ready(t);
    await client.call('fs/open', { handleId: 'h', path: uri(`${dir}/real/f`) });
    await client.call('fs/remove', { path: uri(`${dir}/real/f`) });
    assert.equal((await client.call('fs/readBlock', { handleId: 'h', offset: 0, len: 1 }))['chunk'], 'eA==');
  });
});

describe('fs/watchMissing', () => {
  const changes = (client: Client) => client.log.filter(({ method }) => method === 'fs/missingChanged');

  both('handles: one that is there already, also as a dangling link, is not watched', async (t) => {
    const { client, dir } = await ready(t);
    for (const [watchId, name] of ['real', 'real/f', 'dangling'].entries()) {
      const missing = [uri(`${dir}/none`), uri(`${dir}/${name}`)];
      assert.deepEqual(await client.call('fs/watchMissing', { watchId, missing }), { watching: false }, name);
    }
  });

  both('handles: an id in use is not watched, and the first watch goes on', async (t) => {
    const { client, dir } = await ready(t);
    const watch = (name: string) => ({ watchId: 3, missing: [uri(`${dir}/${name}`)] });
    assert.deepEqual(await client.call('fs/watchMissing', watch('first')), { watching: true });
    assert.deepEqual(await client.call('fs/watchMissing', watch('second')), { watching: false });
    await writeFile(`${dir}/second`, '');
    await writeFile(`${dir}/first`, '');
    const change = await client.wait('the change', () => changes(client)[0]);
    assert.deepEqual(change.params, { watchId: 3 });
  });

  both('handles: it reports once, however much appears', async (t) => {
    const { client, dir } = await ready(t);
    const missing = ['a', 'b', 'c'].map((name) => uri(`${dir}/${name}`));
    await client.call('fs/watchMissing', { watchId: 1, missing });
    for (const name of ['b', 'a']) await writeFile(`${dir}/${name}`, '');
    await client.wait('the change', () => changes(client)[0]);
    await mkdir(`${dir}/c`);
    await delay(SILENCE_MS);
    assert.equal(changes(client).length, 1);
  });
});
