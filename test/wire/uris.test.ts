import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { both, ours } from './cases.js';
import { startParams, uri } from './session.js';
import { spawnError } from './spawnErrors.js';

const RELATIVE = /invalid URI: relative URL without a base|relative URL without a base/;

describe('path URIs', () => {
  both('paths: every spelling of a local file URI is accepted', async (t) => {
    const session = await t.session();
    const dir = await t.dir();
    await mkdir(`${dir}/a b/\u00e9`, { recursive: true });
    const there = `${dir}/a b/\u00e9`;
    const spellings = [
      uri(there),
      `file://${there}`,
      `file://localhost${there}`,
      `file:${there}`,
      `FILE://${there}`,
      `file://${there}/`,
      `file://${dir}/./x/../a%20b/%C3%A9`,
      `file://${dir}%2Fa b%2F\u00e9`,
    ];
    for (const cwd of spellings) assert.equal(await session.text('pwd', { cwd }), there, cwd);
  });

  both('paths: bytes that are not UTF-8 can be written as %FF', async (t) => {
    const session = await t.session();
    const dir = await t.dir();
    await writeFile(Buffer.concat([Buffer.from(`${dir}/x`), Buffer.from([0xff])]), 'odd');
    const { dataBase64 } = await session.client.call('fs/readFile', { path: `${uri(dir)}/x%FF` });
    assert.equal(Buffer.from(String(dataBase64), 'base64').toString(), 'odd');
    const { path } = await session.client.call('fs/canonicalize', { path: `${uri(dir)}/x%FF` });
    assert.equal(path, `${uri(dir)}/x%FF`);
  });

  both('paths: every method of fs/* takes such a path, of files and of folders', async (t) => {
    const { client } = await t.session();
    const path = (name: string) => `${dir}/${name}%FF`;
    const dir = uri(await t.dir());
    await client.call('fs/createDirectory', { path: `${path('folder')}/below` });
    await client.call('fs/writeFile', { path: `${path('folder')}/below/f`, dataBase64: 'eA==' });
    const copy = { sourcePath: path('folder'), destinationPath: path('copy'), recursive: true };
    assert.deepEqual(await client.call('fs/copy', copy), {});
    const f = `${path('copy')}/below/f`;
    assert.deepEqual(await client.call('fs/readFile', { path: f }), { dataBase64: 'eA==' });
    const into = { ...copy, destinationPath: `${path('folder')}/below/more` };
    assert.match((await client.fails('fs/copy', into)).message, /to itself or one of its descendants/);
    await client.call('fs/open', { handleId: 'h', path: f });
    assert.deepEqual(await client.call('fs/readBlock', { handleId: 'h', offset: 0, len: 2 }), {
      chunk: 'eA==',
      eof: true,
    });
    const { entries } = await client.call('fs/readDirectory', { path: path('folder') });
    assert.deepEqual(entries, [{ fileName: 'below', isDirectory: true, isFile: false }]);
    assert.equal((await client.call('fs/getMetadata', { path: f, followSymlinks: false }))['size'], 1);
    await client.call('fs/remove', { path: path('copy') });
    assert.equal((await client.fails('fs/getMetadata', { path: f })).code, -32004);
  });

  for (const tty of [false, true]) {
    both(
      `paths: such a path can be the working directory ${tty ? 'on a terminal' : 'with pipes'}`,
      async (t) => {
        const session = await t.session();
        const dir = uri(await t.dir());
        await session.client.call('fs/createDirectory', { path: `${dir}/cwd%FF` });
        const proc = await session.run('echo x > here; readlink /proc/self/cwd', {
          cwd: `${dir}/cwd%FF`,
          tty,
        });
        assert.match(proc.bytes().toString('latin1'), /\/cwd\xff\r?\n$/);
        assert.ok(await session.client.call('fs/readFile', { path: `${dir}/cwd%FF/here` }));
        const gone = startParams(['true'], { cwd: `${dir}/gone%FF` });
        assert.deepEqual(
          await session.client.fails('process/start', gone),
          spawnError('No such file or directory (os error 2)'),
        );
      },
    );
  }

  both('paths: such a path that is missing can be watched', async (t) => {
    const { client } = await t.session();
    const path = `${uri(await t.dir())}/missing%FF`;
    assert.deepEqual(await client.call('fs/watchMissing', { watchId: 1, missing: [path] }), {
      watching: true,
    });
    await client.call('fs/writeFile', { path, dataBase64: '' });
    await client.wait('the change', () => client.log.find(({ method }) => method === 'fs/missingChanged'));
  });

  ours(
    'paths: a walk tells such paths as they are',
    async (t) => {
      const { client } = await t.session();
      const dir = uri(await t.dir());
      await client.call('fs/createDirectory', { path: `${dir}/d%FF` });
      await client.call('fs/writeFile', { path: `${dir}/d%FF/f%FE`, dataBase64: '' });
      const options = { maxDepth: 1, maxDirectories: 9, maxEntries: 9, followDirectorySymlinks: false };
      const { entries, errors } = await client.call('fs/walk', { path: dir, options });
      assert.deepEqual(errors, []);
      assert.deepEqual(entries, [
        { path: `${dir}/d%FF`, kind: 'directory' },
        { path: `${dir}/d%FF/f%FE`, kind: 'file' },
      ]);
    },
    'the reference replaces the bytes and then finds nothing there',
  );

  const REFUSED: [string, RegExp][] = [
    ['/tmp', RELATIVE],
    ['tmp', RELATIVE],
    ['', RELATIVE],
    ['./x', RELATIVE],
    ['http://localhost/tmp', /unsupported path URI scheme `http`/],
    ['vscode-remote://x/tmp', /unsupported path URI scheme/],
    ['file:///tmp?x', /./],
    ['file:///tmp#x', /./],
    ['file:///tmp/%00', /./],
  ];
  for (const [path, text] of REFUSED) {
    both(`paths: "${path}" is refused with -32602, as cwd and in fs/*`, async (t) => {
      const { client } = await t.session();
      for (const error of [
        await client.fails('process/start', startParams(['true'], { cwd: path })),
        await client.fails('fs/getMetadata', { path }),
        await client.fails('fs/writeFile', { path, dataBase64: '' }),
      ]) {
        assert.equal(error.code, -32602);
        assert.match(error.message, text);
      }
    });
  }

  for (const path of ['file://elsewhere/tmp', 'file:///C:/x']) {
    both(`paths: "${path}" is -32602 as cwd and -32600 in fs/*`, async (t) => {
      const { client } = await t.session();
      const cwd = await client.fails('process/start', startParams(['true'], { cwd: path }));
      assert.equal(cwd.code, -32602);
      assert.match(
        cwd.message,
        /^cwd URI `file:.*` is not valid on this exec-server host: '.*' is invalid on 'linux'$/,
      );
      const fs = await client.fails('fs/getMetadata', { path });
      assert.equal(fs.code, -32600);
      assert.match(fs.message, /'.*' is invalid on 'linux'/);
    });
  }

  both('paths: the server writes canonical URIs', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    const names: Record<string, string> = {
      'a b': 'a%20b',
      '\u00e9': '%C3%A9',
      '100%': '100%25',
      'q?h#': 'q%3Fh%23',
      "plain-._~!$&'()*+,;=:@": "plain-._~!$&'()*+,;=:@",
    };
    for (const [name, encoded] of Object.entries(names)) {
      await writeFile(`${dir}/${name}`, '');
      const { path } = await client.call('fs/canonicalize', { path: `${uri(dir)}/${encoded}` });
      assert.equal(path, `file://${dir}/${encoded}`);
    }
  });
});
