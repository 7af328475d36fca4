import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { both } from './cases.js';
import type { Json } from './client.js';
import { fixture } from './fixtures.js';
import type { Proc, Session } from './session.js';

interface Chunk {
  seq: number;
  stream: string;
  chunk: string;
}
const chunksOf = (read: Json): Chunk[] => read['chunks'] as Chunk[];
const textOf = (read: Json): string =>
  chunksOf(read)
    .map((c) => Buffer.from(c.chunk, 'base64').toString())
    .join('');
const FOREVER_MS = 600_000;

/** Ends with four chunks "1" to "4": each is written when the one before has arrived. */
async function fourChunks(session: Session): Promise<Proc> {
  const proc = await session.sh('for i in 1 2 3 4; do printf $i; read x; done', { pipeStdin: true });
  for (const part of ['1', '12', '123', '1234']) {
    await proc.until(part);
    await proc.write('\n');
  }
  await proc.closed();
  return proc;
}

describe('process/read', () => {
  both('read: all seven members are always present', async (t) => {
    const session = await t.session();
    const proc = await session.start(['cat'], { pipeStdin: true });
    assert.deepEqual(await proc.read(), {
      chunks: [],
      nextSeq: 1,
      exited: false,
      exitCode: null,
      closed: false,
      failure: null,
      sandboxDenied: false,
    });
    await proc.terminate();
    await proc.closed();
    assert.deepEqual(await proc.read(), {
      chunks: [],
      nextSeq: 3,
      exited: true,
      exitCode: 137,
      closed: true,
      failure: null,
      sandboxDenied: false,
    });
  });

  both('read: chunks after afterSeq, oldest first; null and absent mean from the start', async (t) => {
    const session = await t.session();
    const proc = await fourChunks(session);
    assert.deepEqual(
      chunksOf(await proc.read()).map((c) => [c.seq, c.stream]),
      [1, 2, 3, 4].map((seq) => [seq, 'stdout']),
    );
    for (const [afterSeq, text] of [
      [null, '1234'],
      [0, '1234'],
      [1, '234'],
      [3, '4'],
      [4, ''],
      [99, ''],
    ] as const)
      assert.equal(textOf(await proc.read({ afterSeq })), text);
  });

  both('read: maxBytes takes whole chunks, the first one always; 0 and 1 give one chunk', async (t) => {
    const session = await t.session();
    const proc = await fourChunks(session);
    for (const [maxBytes, text] of [
      [0, '1'],
      [1, '1'],
      [2, '12'],
      [3, '123'],
      [4, '1234'],
      [99, '1234'],
      [null, '1234'],
    ] as const)
      assert.equal(textOf(await proc.read({ maxBytes })), text, String(maxBytes));
  });

  both('read: the first chunk is included even if it is larger than maxBytes', async (t) => {
    const session = await t.session();
    const proc = await session.run('printf 1234567890');
    assert.equal(textOf(await proc.read({ maxBytes: 3 })), '1234567890');
  });

  both('read: nextSeq - 1 is always the right next cursor', async (t) => {
    const session = await t.session();
    const proc = await fourChunks(session);
    const nexts: unknown[] = [];
    for (let afterSeq = 0, i = 0; i < 6; i++) {
      const read = await proc.read({ afterSeq, maxBytes: 1 });
      nexts.push(read['nextSeq']);
      afterSeq = Number(read['nextSeq']) - 1;
    }
    assert.deepEqual(nexts, [2, 3, 4, 5, 7, 7]);
    assert.equal((await proc.read({ afterSeq: 2 }))['nextSeq'], 7);
  });

  both('read: exited, exitCode and closed describe the process now, not as of nextSeq', async (t) => {
    const session = await t.session();
    const proc = await fourChunks(session);
    const { exited, exitCode, closed, nextSeq } = await proc.read({ maxBytes: 1 });
    assert.deepEqual([exited, exitCode, closed, nextSeq], [true, 0, true, 2]);
  });

  both('read: reading consumes nothing', async (t) => {
    const session = await t.session();
    const proc = await fourChunks(session);
    assert.deepEqual(await proc.read(), await proc.read());
  });

  both('read: a read waits for output', async (t) => {
    const session = await t.session();
    const proc = await session.sh('sleep 0.3; echo now; cat', { pipeStdin: true });
    const read = await proc.read({ waitMs: FOREVER_MS });
    assert.equal(textOf(read), 'now\n');
    assert.equal(read['exited'], false);
    await proc.terminate();
  });

  both('read: a read whose time is up returns an empty result', async (t) => {
    const session = await t.session();
    const proc = await session.start(['cat'], { pipeStdin: true });
    for (const waitMs of [0, 1, 50, null]) {
      const read = await proc.read({ waitMs });
      assert.deepEqual([read['chunks'], read['nextSeq'], read['exited']], [[], 1, false]);
    }
    await proc.terminate();
  });

  both('read: a read waits at least as long as it says', async (t) => {
    const session = await t.session();
    const proc = await session.start(['cat'], { pipeStdin: true });
    const begin = performance.now();
    await proc.read({ waitMs: 300 });
    assert.ok(performance.now() - begin > 290);
    await proc.terminate();
  });

  both('read: a read that waits is ended by the exit', async (t) => {
    const session = await t.session();
    const proc = await session.sh('sleep 0.3; exit 6');
    const read = await proc.read({ waitMs: FOREVER_MS });
    assert.deepEqual([read['chunks'], read['exited'], read['exitCode']], [[], true, 6]);
  });

  both('read: after the exit was seen, a read waits on for late output, then for closed', async (t) => {
    const session = await t.session();
    const flag = `${await t.dir()}/go`;
    const proc = await session.start(['/bin/sh', fixture('holder.sh'), flag]);
    const { seq } = await proc.exited();
    await proc.until('early');
    const seen = Math.max(seq, ...proc.events.map((e) => e.seq));
    const unseen = await proc.read({ afterSeq: seq - 1, waitMs: FOREVER_MS });
    assert.equal(unseen['exited'], true);
    const waiting = session.client.post('process/read', {
      processId: proc.id,
      afterSeq: seen,
      waitMs: FOREVER_MS,
    });
    await writeFile(flag, '');
    const late = await session.client.settle(waiting);
    assert.equal(textOf(late), 'late\n');
    const end = await proc.read({ afterSeq: Number(late['nextSeq']) - 1, waitMs: FOREVER_MS });
    assert.equal(end['closed'], true);
  });

  both('read: a closed process is read at once, whatever waitMs', async (t) => {
    const session = await t.session();
    const proc = await session.run('echo x');
    assert.equal((await proc.read({ afterSeq: 99, waitMs: FOREVER_MS }))['closed'], true);
  });

  both('read: an unknown process is -32600, also with waitMs', async (t) => {
    const { client } = await t.session();
    for (const waitMs of [0, FOREVER_MS])
      assert.deepEqual(await client.fails('process/read', { processId: 'nobody', waitMs }), {
        code: -32600,
        message: 'unknown process id nobody',
      });
  });

  both('read: the newest 1 MiB is retained; an older cursor goes on at the oldest chunk', async (t) => {
    const session = await t.session();
    const proc = await session.run('yes 0123456 | head -c 3000000');
    const read = await proc.read({ afterSeq: 1 });
    const bytes = Buffer.concat(chunksOf(read).map((c) => Buffer.from(c.chunk, 'base64')));
    assert.ok(bytes.length <= 1 << 20, String(bytes.length));
    assert.ok(bytes.length > (1 << 20) - 70_000, String(bytes.length));
    assert.ok(bytes.equals(proc.bytes().subarray(-bytes.length)));
    assert.ok((chunksOf(read)[0]?.seq ?? 0) > 2);
    assert.equal(read['nextSeq'], proc.events.length + 1);
    assert.equal(proc.bytes().length, 3_000_000);
  });
});
