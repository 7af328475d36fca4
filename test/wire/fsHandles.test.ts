import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { both, ours, type Case } from './cases.js';
import type { Client } from './client.js';
import { openedTimes } from './procfs.js';
import { b64, uri } from './session.js';

const MAX_HANDLES = 128;
const MAX_BLOCK_BYTES = 1 << 20;
const INVALID = -32600;
const NOT_FOUND = -32004;

/** A connection and a file of ten bytes. */
async function ready(t: Case): Promise<{ client: Client; dir: string; path: string }> {
  const { client } = await t.session();
  const dir = await t.dir();
  await writeFile(`${dir}/f`, '0123456789');
  return { client, dir, path: uri(`${dir}/f`) };
}

const unknown = (handleId: string) => ({ code: NOT_FOUND, message: `unknown file handle \`${handleId}\`` });

describe('file handles', () => {
  both('handles: blocks come byte for byte; only a short one is the last', async (t) => {
    const { client, path } = await ready(t);
    assert.deepEqual(await client.call('fs/open', { handleId: 'h', path }), { handleId: 'h' });
    const read = (offset: number, len: number) => client.call('fs/readBlock', { handleId: 'h', offset, len });
    assert.deepEqual(await read(2, 3), { chunk: b64('234'), eof: false });
    assert.deepEqual(await read(0, 10), { chunk: b64('0123456789'), eof: false });
    assert.deepEqual(await read(8, 10), { chunk: b64('89'), eof: true });
    assert.deepEqual(await read(10, 1), { chunk: '', eof: true });
    assert.deepEqual(await client.call('fs/close', { handleId: 'h' }), {});
    assert.deepEqual(await client.fails('fs/readBlock', { handleId: 'h', offset: 0, len: 1 }), unknown('h'));
    assert.deepEqual(await client.call('fs/close', { handleId: 'h' }), {});
  });

  both('handles: replace empties at once; blocks in any order, with zeroes in the holes', async (t) => {
    const { client, dir, path } = await ready(t);
    await client.call('fs/open', { handleId: '', path, mode: 'replace' });
    assert.equal(await readFile(`${dir}/f`, 'utf8'), '');
    for (const [offset, text] of [
      [5, 'later'],
      [0, 'abc'],
    ] as const)
      assert.deepEqual(await client.call('fs/writeBlock', { handleId: '', offset, chunk: b64(text) }), {});
    assert.equal(await readFile(`${dir}/f`, 'utf8'), 'abc\0\0later');
    assert.equal((await client.fails('fs/readBlock', { handleId: '', offset: 0, len: 1 })).code, -32603);
    assert.deepEqual(await client.fails('fs/readBlock', { handleId: '', offset: 0, len: 1 }), unknown(''));
  });

  both('handles: 128 handles; one more names the bound, and is fine once another is closed', async (t) => {
    const { client, path } = await ready(t);
    for (let i = 0; i < MAX_HANDLES; i++) await client.call('fs/open', { handleId: `h${String(i)}`, path });
    assert.deepEqual(await client.fails('fs/open', { handleId: 'more', path }), {
      code: INVALID,
      message: 'at most 128 file handles may be open per connection',
    });
    const { client: other } = await t.session();
    assert.ok(await other.call('fs/open', { handleId: 'more', path }));
    await client.call('fs/close', { handleId: 'h0' });
    assert.ok(await client.call('fs/open', { handleId: 'more', path }));
    const { chunk } = await client.call('fs/readBlock', { handleId: 'h127', offset: 0, len: 10 });
    assert.equal(chunk, b64('0123456789'));
  });

  both('handles: an id in use, one of 33 bytes, and a length out of bounds; the handle stays', async (t) => {
    const { client, path } = await ready(t);
    await client.call('fs/open', { handleId: 'h', path });
    assert.deepEqual(await client.fails('fs/open', { handleId: 'h', path }), {
      code: INVALID,
      message: 'file handle `h` already exists',
    });
    assert.deepEqual(await client.fails('fs/open', { handleId: 'é'.repeat(17), path }), {
      code: INVALID,
      message: 'file handle ID must not exceed 32 bytes',
    });
    const block = { handleId: 'x'.repeat(33), offset: 0, len: 0, chunk: '' };
    for (const method of ['fs/readBlock', 'fs/writeBlock', 'fs/close'])
      assert.deepEqual(await client.fails(method, block), {
        code: INVALID,
        message: 'file handle ID must not exceed 32 bytes',
      });
    for (const len of [0, MAX_BLOCK_BYTES + 1])
      assert.deepEqual(await client.fails('fs/readBlock', { handleId: 'h', offset: 0, len }), {
        code: INVALID,
        message: 'file read block length must be between 1 and 1048576',
      });
    assert.ok(await client.call('fs/readBlock', { handleId: 'h', offset: 0, len: MAX_BLOCK_BYTES }));
  });

  both('handles: a chunk out of bounds is refused, and the handle stays', async (t) => {
    const { client, dir, path } = await ready(t);
    await client.call('fs/open', { handleId: 'h', path, mode: 'replace' });
    for (const chunk of ['', b64(Buffer.alloc(MAX_BLOCK_BYTES + 1))])
      assert.deepEqual(await client.fails('fs/writeBlock', { handleId: 'h', offset: 0, chunk }), {
        code: INVALID,
        message: 'file write block length must be between 1 and 1048576',
      });
    const chunk = b64(Buffer.alloc(MAX_BLOCK_BYTES, 'x'));
    assert.deepEqual(await client.call('fs/writeBlock', { handleId: 'h', offset: 0, chunk }), {});
    assert.equal((await readFile(`${dir}/f`)).length, MAX_BLOCK_BYTES);
  });

  both('handles: handles belong to the connection, and end with it', async (t) => {
    const { client, path } = await ready(t);
    const session = await t.session();
    await session.client.call('fs/open', { handleId: 'h', path });
    assert.deepEqual(await client.fails('fs/readBlock', { handleId: 'h', offset: 0, len: 1 }), unknown('h'));
    assert.deepEqual(await client.call('fs/close', { handleId: 'h' }), {});
    assert.ok(await session.client.call('fs/readBlock', { handleId: 'h', offset: 0, len: 1 }));
    await session.client.drop();
    const again = await t.session(undefined, session.id);
    assert.deepEqual(
      await again.client.fails('fs/readBlock', { handleId: 'h', offset: 0, len: 1 }),
      unknown('h'),
    );
  });

  both('sessions: with the connection the files themselves are closed', async (t) => {
    const server = await t.ownServer();
    const { client } = await t.session(server);
    const path = `${await t.dir()}/f`;
    await writeFile(path, 'x');
    for (let i = 0; i < 50; i++)
      await client.call('fs/open', {
        handleId: String(i),
        path: uri(path),
        mode: i % 2 ? 'read' : 'replace',
      });
    assert.equal(openedTimes(server.pid, path), 50);
    await client.drop();
    while (openedTimes(server.pid, path) > 0) await delay(20);
    // Node closes what was forgotten, sooner or later, and says so.
    await (await t.session(server)).text('true');
    assert.doesNotMatch(server.stderr, /garbage/);
  });

  both('handles: folders, FIFOs and devices are refused without waiting for them', async (t) => {
    const { client, dir } = await ready(t);
    execFileSync('mkfifo', [`${dir}/fifo`]);
    for (const path of [dir, `${dir}/fifo`, '/dev/zero', '/dev/full'])
      assert.deepEqual(await client.fails('fs/open', { handleId: 'h', path: uri(path) }), {
        code: INVALID,
        message: `path \`${path}\` is not a file`,
      });
    assert.ok(await client.call('fs/open', { handleId: 'h', path: uri(`${dir}/f`) }));
  });

  both('handles: replacing a FIFO or a device is refused too, and nobody waits', async (t) => {
    const { client, dir } = await ready(t);
    execFileSync('mkfifo', [`${dir}/fifo`]);
    for (const path of [`${dir}/fifo`, '/dev/null', '/dev/full', dir]) {
      const { code } = await client.fails('fs/open', { handleId: 'h', path: uri(path), mode: 'replace' });
      assert.ok([INVALID, -32603].includes(code), path);
    }
    assert.ok(await client.call('fs/open', { handleId: 'h', path: uri(`${dir}/f`) }));
  });

  both('handles: a file that grows is read to where it was when the block was asked for', async (t) => {
    const { client, dir, path } = await ready(t);
    await client.call('fs/open', { handleId: 'h', path });
    assert.equal((await client.call('fs/readBlock', { handleId: 'h', offset: 0, len: 20 }))['eof'], true);
    await writeFile(`${dir}/f`, 'and more', { flag: 'a' });
    assert.deepEqual(await client.call('fs/readBlock', { handleId: 'h', offset: 10, len: 20 }), {
      chunk: b64('and more'),
      eof: true,
    });
    await writeFile(`${dir}/f`, '');
    assert.deepEqual(await client.call('fs/readBlock', { handleId: 'h', offset: 10, len: 20 }), {
      chunk: '',
      eof: true,
    });
  });

  ours('bounds: a file too large for one message is refused at once, and comes in blocks', async (t) => {
    const { client, dir } = await ready(t);
    const path = uri(`${dir}/large`);
    const content = Buffer.alloc(49 * MAX_BLOCK_BYTES, 'abc');
    await writeFile(`${dir}/large`, content);
    const { code, message } = await client.fails('fs/readFile', { path });
    assert.equal(code, INVALID);
    assert.match(message, /^file is too large to read: limit is \d+ bytes.*fs\/readBlock$/);
    await client.call('fs/open', { handleId: 'h', path });
    const parts: Buffer[] = [];
    for (let eof = false; !eof;) {
      const offset = parts.length * MAX_BLOCK_BYTES;
      const block = await client.call('fs/readBlock', { handleId: 'h', offset, len: MAX_BLOCK_BYTES });
      parts.push(Buffer.from(String(block['chunk']), 'base64'));
      eof = block['eof'] === true;
    }
    assert.ok(Buffer.concat(parts).equals(content));
  });
});
