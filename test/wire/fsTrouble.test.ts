import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, open, rm, writeFile } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { both, type Case } from './cases.js';
import { b64, uri } from './session.js';

const FULL = { code: -32603, message: 'No space left on device (os error 28)' };
const DENIED = { code: -32600, message: 'Permission denied (os error 13)' };
const READ_ONLY = { code: -32603, message: 'Read-only file system (os error 30)' };
const SMALL = 'size=64k,mode=0755';
const WALK = { maxDepth: 64, maxDirectories: 10_000, maxEntries: 50_000, followDirectorySymlinks: false };

/** A file system of its own, where one may be mounted. */
async function mounted(t: Case, options: string): Promise<string> {
  const dir = await t.dir();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', dir], { stdio: 'ignore' });
  } catch {
    t.skip('this person may not mount a file system');
  }
  t.defer(() => execFileSync('umount', ['--lazy', dir]));
  return dir;
}

/** Starts a command as one for whom permissions count, also where the suite runs as root. */
function withoutOverride(t: Case): string[] {
  if (process.getuid?.() !== 0) return [];
  const wrap = ['setpriv', '--bounding-set', '-dac_override,-dac_read_search', '--'];
  try {
    execFileSync(wrap[0] ?? '', [...wrap.slice(1), 'true'], { stdio: 'ignore' });
  } catch {
    t.skip('root is never denied, and there is no setpriv to change that');
  }
  return wrap;
}

describe('trouble with the disk', () => {
  both('files: a full disk is -32603; the connection and other files are fine', async (t) => {
    const { client } = await t.session();
    const dir = await mounted(t, SMALL);
    const [small, large] = [uri(`${dir}/small`), uri(`${dir}/large`)];
    await client.call('fs/writeFile', { path: small, dataBase64: b64('small') });
    const dataBase64 = b64(Buffer.alloc(1 << 20, 'x'));
    assert.deepEqual(await client.fails('fs/writeFile', { path: large, dataBase64 }), FULL);
    assert.deepEqual(await client.call('fs/readFile', { path: small }), { dataBase64: b64('small') });
    await client.call('fs/remove', { path: large });
    await client.call('fs/writeFile', { path: large, dataBase64: b64('fits') });
  });

  both('files: a device that is always full is -32603', async (t) => {
    const { client } = await t.session();
    assert.deepEqual(
      await client.fails('fs/writeFile', { path: uri('/dev/full'), dataBase64: b64('x') }),
      FULL,
    );
  });

  both('files: fs/copy and fs/writeBlock to a full disk are -32603, and the handle stays', async (t) => {
    const { client } = await t.session();
    const dir = await mounted(t, SMALL);
    const source = `${await t.dir()}/source`;
    await writeFile(source, Buffer.alloc(1 << 20, 'x'));
    const copy = { sourcePath: uri(source), destinationPath: uri(`${dir}/copy`), recursive: false };
    assert.deepEqual(await client.fails('fs/copy', copy), FULL);
    await client.call('fs/remove', { path: uri(`${dir}/copy`) });
    await client.call('fs/open', { handleId: 'h', path: uri(`${dir}/blocks`), mode: 'replace' });
    const chunk = b64(Buffer.alloc(1 << 20, 'x'));
    assert.deepEqual(await client.fails('fs/writeBlock', { handleId: 'h', offset: 0, chunk }), FULL);
    assert.deepEqual(await client.call('fs/writeBlock', { handleId: 'h', offset: 0, chunk: b64('x') }), {});
  });

  both('files: a read-only disk is -32603', async (t) => {
    const { client } = await t.session();
    const dir = await mounted(t, `${SMALL},ro`);
    const path = uri(`${dir}/f`);
    assert.deepEqual(await client.fails('fs/writeFile', { path, dataBase64: '' }), READ_ONLY);
    assert.deepEqual(await client.fails('fs/createDirectory', { path }), READ_ONLY);
  });

  both('files: permission denied is -32600 for reading, writing, listing and removing', async (t) => {
    const server = await t.ownServer([], withoutOverride(t));
    const { client } = await t.session(server);
    const dir = await t.dir();
    await mkdir(`${dir}/locked`);
    await writeFile(`${dir}/locked/f`, 'x');
    await writeFile(`${dir}/secret`, 'x', { mode: 0 });
    await chmod(`${dir}/locked`, 0o000);
    t.defer(() => chmod(`${dir}/locked`, 0o755));
    const [locked, secret] = [uri(`${dir}/locked`), uri(`${dir}/secret`)];
    for (const [method, params] of [
      ['fs/readFile', { path: secret }],
      ['fs/writeFile', { path: secret, dataBase64: '' }],
      ['fs/readFile', { path: `${locked}/f` }],
      ['fs/getMetadata', { path: `${locked}/f` }],
      ['fs/writeFile', { path: `${locked}/g`, dataBase64: '' }],
      ['fs/createDirectory', { path: `${locked}/d` }],
      ['fs/readDirectory', { path: locked }],
      ['fs/canonicalize', { path: `${locked}/f` }],
      ['fs/remove', { path: `${locked}/f` }],
      ['fs/open', { handleId: 'h', path: secret }],
      ['fs/copy', { sourcePath: secret, destinationPath: uri(`${dir}/copy`), recursive: false }],
    ] as const)
      assert.deepEqual(await client.fails(method, params), DENIED, method);
    const { entries, errors } = await client.call('fs/walk', { path: uri(dir), options: WALK });
    assert.deepEqual(errors, [{ path: locked, message: DENIED.message }]);
    assert.equal((entries as unknown[]).length, 2);
  });
});

describe('files and folders that change on the way', () => {
  both('files: a file that grows while it is read comes whole up to some point', async (t) => {
    const { client } = await t.session();
    const path = `${await t.dir()}/growing`;
    const file = await open(path, 'a');
    t.defer(() => file.close());
    const line = Buffer.alloc(1 << 16, 'x');
    await file.write(line);
    const growing = (async () => {
      for (let left = 200; left > 0; left--) {
        await file.write(line);
        await turn();
      }
    })();
    for (let read = 0; read < 10; read++) {
      const { dataBase64 } = await client.call('fs/readFile', { path: uri(path) });
      const data = Buffer.from(String(dataBase64), 'base64');
      assert.ok(data.length >= line.length);
      assert.ok(data.equals(Buffer.alloc(data.length, 'x')));
    }
    await growing;
  });

  both('files: files that hide their size are read to their end', async (t) => {
    const { client } = await t.session();
    const { dataBase64 } = await client.call('fs/readFile', { path: uri('/proc/self/status') });
    assert.match(Buffer.from(String(dataBase64), 'base64').toString(), /^Name:[^]*\n$/);
  });

  both('files: folders that vanish during a walk do not make it fail', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    for (let round = 0; round < 5; round++) {
      const names = Array.from({ length: 60 }, (_, index) => `${dir}/${String(index)}`);
      for (const name of names) await mkdir(`${name}/a/b`, { recursive: true });
      const walking = client.call('fs/walk', { path: uri(dir), options: WALK });
      const removing = Promise.all(names.map((name) => rm(name, { recursive: true })));
      const { entries, errors, truncated } = await walking;
      assert.ok(Array.isArray(entries) && Array.isArray(errors));
      for (const { message } of errors as { message: string }[])
        assert.equal(message, 'No such file or directory (os error 2)');
      assert.equal(truncated, false);
      await removing;
    }
  });

  both('files: a folder that is removed while it is listed or copied is answered all the same', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    for (let round = 0; round < 5; round++) {
      for (let index = 0; index < 60; index++)
        await mkdir(`${dir}/from/${String(index)}`, { recursive: true });
      const path = uri(`${dir}/from`);
      const ids = [
        client.post('fs/readDirectory', { path }),
        client.post('fs/copy', { sourcePath: path, destinationPath: uri(`${dir}/to`), recursive: true }),
        client.post('fs/remove', { path }),
        client.post('fs/remove', { path }),
      ];
      const answers = await Promise.all(ids.map((id) => client.answer(id)));
      for (const { error } of answers)
        assert.ok(!error || error.code === -32004 || error.code === -32603, error?.message);
      await client.call('fs/remove', { path });
      await client.call('fs/remove', { path: uri(`${dir}/to`) });
    }
    assert.deepEqual(await client.call('environment/status'), { status: 'ready' });
  });
});
