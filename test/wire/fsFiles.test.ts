import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, open, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { both } from './cases.js';
import { b64, uri } from './session.js';

const MIB = 1 << 20;
const NOT_FOUND = { code: -32004, message: 'No such file or directory (os error 2)' };

describe('fs/readFile', () => {
  both('files: a file comes byte for byte, also an empty one', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from([0, 255, 10, 13, 0xc3]),
      Buffer.alloc(3 * MIB, 'xyz'),
    ]) {
      await writeFile(`${dir}/f`, bytes);
      const result = await client.call('fs/readFile', { path: uri(`${dir}/f`) });
      assert.deepEqual(Object.keys(result), ['dataBase64']);
      assert.ok(Buffer.from(String(result['dataBase64']), 'base64').equals(bytes));
    }
  });

  both('files: links are followed', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await writeFile(`${dir}/f`, 'x');
    await symlink('f', `${dir}/link`);
    assert.deepEqual(await client.call('fs/readFile', { path: uri(`${dir}/link`) }), { dataBase64: 'eA==' });
  });

  both('files: what is not there is -32004', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await symlink('gone', `${dir}/dangling`);
    for (const name of ['gone', 'gone/deeper', 'dangling'])
      assert.deepEqual(await client.fails('fs/readFile', { path: uri(`${dir}/${name}`) }), NOT_FOUND);
  });

  both('files: a file as a folder is -32603', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await writeFile(`${dir}/f`, 'x');
    const error = await client.fails('fs/readFile', { path: uri(`${dir}/f/x`) });
    assert.deepEqual(error, { code: -32603, message: 'Not a directory (os error 20)' });
  });

  both('files: what is not a regular file is -32600, without waiting for it', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    execFileSync('mkfifo', [`${dir}/fifo`]);
    for (const path of [dir, `${dir}/fifo`, '/dev/null', '/dev/zero'])
      assert.deepEqual(await client.fails('fs/readFile', { path: uri(path) }), {
        code: -32600,
        message: `path \`${path}\` is not a file`,
      });
  });

  both('files: over 512 MiB is -32600 and names the limit', async (t) => {
    const { client } = await t.session();
    const path = `${await t.dir()}/big`;
    const file = await open(path, 'w');
    await file.truncate(512 * MIB + 1);
    await file.close();
    const { code, message } = await client.fails('fs/readFile', { path: uri(path) });
    assert.equal(code, -32600);
    assert.match(message, /file is too large to read: limit is 536870912 bytes/);
  });
});

describe('fs/writeFile', () => {
  both('files: creates, truncates and writes byte for byte', async (t) => {
    const { client } = await t.session();
    const path = `${await t.dir()}/f`;
    for (const bytes of [Buffer.alloc(2 * MIB, 'long'), Buffer.from([0, 255]), Buffer.alloc(0)]) {
      assert.deepEqual(await client.call('fs/writeFile', { path: uri(path), dataBase64: b64(bytes) }), {});
      assert.ok((await readFile(path)).equals(bytes));
    }
  });

  both('files: keeps the mode and follows links', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await writeFile(`${dir}/f`, 'old');
    await chmod(`${dir}/f`, 0o751);
    await symlink('f', `${dir}/link`);
    await client.call('fs/writeFile', { path: uri(`${dir}/link`), dataBase64: b64('new') });
    assert.equal(await readFile(`${dir}/f`, 'utf8'), 'new');
    assert.equal((await stat(`${dir}/f`)).mode & 0o777, 0o751);
  });

  both('files: parents must exist (-32004), and are not made', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    assert.deepEqual(
      await client.fails('fs/writeFile', { path: uri(`${dir}/a/b`), dataBase64: '' }),
      NOT_FOUND,
    );
    await assert.rejects(stat(`${dir}/a`));
  });

  both('files: bad base64 is -32600, and the file stays as it is', async (t) => {
    const { client } = await t.session();
    const path = `${await t.dir()}/f`;
    await writeFile(path, 'old');
    for (const dataBase64 of ['!!!!', 'eHg', '_-_-', 'eHh4\n']) {
      const { code, message } = await client.fails('fs/writeFile', { path: uri(path), dataBase64 });
      assert.equal(code, -32600);
      assert.match(message, /^fs\/writeFile requires valid base64 dataBase64: ./);
    }
    assert.equal(await readFile(path, 'utf8'), 'old');
  });

  both('files: a directory is -32603', async (t) => {
    const { client } = await t.session();
    const error = await client.fails('fs/writeFile', { path: uri(await t.dir()), dataBase64: '' });
    assert.deepEqual(error, { code: -32603, message: 'Is a directory (os error 21)' });
  });

  both('files: what one connection wrote, another reads', async (t) => {
    const [one, two] = [await t.session(), await t.session()];
    const path = uri(`${await t.dir()}/f`);
    await one.client.call('fs/writeFile', { path, dataBase64: 'eA==' });
    assert.deepEqual(await two.client.call('fs/readFile', { path }), { dataBase64: 'eA==' });
  });
});
