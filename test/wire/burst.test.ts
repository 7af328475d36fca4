import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { both, ours } from './cases.js';
import { b64 as base64, uri } from './session.js';

const ROUNDS = 20;
const BLOCK = 1_000_000;

describe('requests that are sent in one burst', () => {
  both('order: writes of one path take effect in the order sent, none torn', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    for (let round = 0; round < ROUNDS; round++) {
      const path = `${dir}/f${round}`;
      const contents = [5, 1, 7, 2, 6, 3].map((n, i) => String.fromCharCode(65 + i).repeat(n * 40_000));
      await Promise.all(
        contents.map((text) => client.call('fs/writeFile', { path: uri(path), dataBase64: base64(text) })),
      );
      assert.equal((await readFile(path, 'utf8')).slice(0, 9), 'F'.repeat(9));
      assert.equal((await stat(path)).size, 120_000);
    }
  });

  both('order: a folder that was made is there for what follows, and what was written is read', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    for (let round = 0; round < ROUNDS; round++) {
      const path = uri(`${dir}/a${round}/b/x`);
      const [, , read] = await Promise.all([
        client.call('fs/createDirectory', { path: uri(`${dir}/a${round}/b`) }),
        client.call('fs/writeFile', { path, dataBase64: base64(`new ${round}`) }),
        client.call('fs/readFile', { path }),
      ]);
      assert.deepEqual(read, { dataBase64: base64(`new ${round}`) });
      const [, gone] = await Promise.all([
        client.call('fs/remove', { path: uri(`${dir}/a${round}`), recursive: true }),
        client.fails('fs/getMetadata', { path }),
      ]);
      assert.equal(gone.code, -32004);
    }
  });

  both(
    'order: blocks are written into a file that is opened just before, and are there after its close',
    async (t) => {
      const { client } = await t.session();
      const dir = await t.dir();
      const block = (offset: number, text: string): object => ({
        handleId: 'h',
        offset,
        chunk: base64(text),
      });
      for (let round = 0; round < ROUNDS; round++) {
        const path = uri(`${dir}/h${round}`);
        const answers = await Promise.all([
          client.call('fs/writeFile', { path, dataBase64: base64('old '.repeat(50_000)) }),
          client.call('fs/open', { handleId: 'h', path, mode: 'replace' }),
          client.call('fs/writeBlock', block(0, 'A'.repeat(200_000))),
          client.call('fs/writeBlock', block(0, 'B'.repeat(100_000))),
          client.call('fs/writeBlock', block(0, 'C'.repeat(50_000))),
          client.call('fs/readFile', { path }),
        ]);
        await client.call('fs/close', { handleId: 'h' });
        const expected = `${'C'.repeat(50_000)}${'B'.repeat(50_000)}${'A'.repeat(100_000)}`;
        assert.ok(answers.at(-1)?.['dataBase64'] === base64(expected), `round ${round}`);
      }
    },
  );

  both('order: a file that is closed in the same burst is written, and read, whole', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    const chunk = base64('x'.repeat(BLOCK));
    for (let round = 0; round < ROUNDS; round++) {
      const [path, handleId] = [uri(`${dir}/c${round}`), `h${round}`];
      const answers = await Promise.all([
        client.call('fs/open', { handleId, path, mode: 'replace' }),
        client.call('fs/writeBlock', { handleId, offset: 0, chunk }),
        client.call('fs/writeBlock', { handleId, offset: BLOCK, chunk }),
        client.call('fs/close', { handleId }),
        client.call('fs/open', { handleId, path, mode: 'read' }),
        client.call('fs/readBlock', { handleId, offset: 0, len: BLOCK }),
        client.call('fs/readBlock', { handleId, offset: BLOCK, len: BLOCK }),
        client.call('fs/close', { handleId }),
        client.call('fs/close', { handleId }),
      ]);
      assert.deepEqual([answers[5]['chunk'], answers[6]['chunk']], [chunk, chunk], `round ${round}`);
    }
  });

  both('order: who looks right behind a change sees it', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    const chunk = base64('x'.repeat(BLOCK));
    for (let round = 0; round < ROUNDS; round++) {
      const [folder, file] = [uri(`${dir}/m${round}/n`), uri(`${dir}/m${round}/n/x`)];
      const handleId = `h${round}`;
      const [, made, , , emptied, , written] = await Promise.all([
        client.call('fs/createDirectory', { path: folder }),
        client.call('fs/getMetadata', { path: folder }),
        client.call('fs/writeFile', { path: file, dataBase64: base64('old') }),
        client.call('fs/open', { handleId, path: file, mode: 'replace' }),
        client.call('fs/getMetadata', { path: file }),
        client.call('fs/writeBlock', { handleId, offset: 0, chunk }),
        client.call('fs/getMetadata', { path: file }),
      ]);
      assert.equal(made['isDirectory'], true);
      assert.deepEqual([emptied['size'], written['size']], [0, BLOCK]);
      await client.call('fs/close', { handleId });
    }
  });

  both('order: a script that was copied into place can be started at once', async (t) => {
    const session = await t.session();
    const { client } = session;
    const dir = await t.dir();
    for (let round = 0; round < ROUNDS; round++) {
      const path = `${dir}/tool${round}`;
      const [, proc] = await Promise.all([
        client.call('fs/copy', {
          sourcePath: uri('/bin/true'),
          destinationPath: uri(path),
          recursive: false,
        }),
        session.start([path]),
      ]);
      await proc.closed();
      assert.equal(proc.exitCode, 0);
    }
  });

  ours(
    'order: a read that waits holds nobody back',
    async (t) => {
      const session = await t.session();
      const { client } = session;
      const dir = await t.dir();
      const proc = await session.start(['/bin/sleep', '600']);
      const waiting = client.call('process/read', { processId: proc.id, afterSeq: 0, waitMs: 600_000 });
      await client.call('fs/writeFile', { path: uri(`${dir}/x`), dataBase64: '' });
      await client.call('process/terminate', { processId: proc.id });
      await waiting;
    },
    'the reference serves one request after the other',
  );
});
