import assert from 'node:assert/strict';
import { both, ours } from './cases.js';
import { b64, Proc } from './session.js';

const ACCEPTED = { status: 'accepted' };

describe('process/write', () => {
  both('write: accepted bytes reach the process', async (t) => {
    const session = await t.session();
    const proc = await session.sh('head -c 5', { pipeStdin: true });
    assert.deepEqual(await proc.write('a\0'), ACCEPTED);
    assert.deepEqual(await proc.write(Buffer.from([0xff, 0xfe, 10])), ACCEPTED);
    await proc.closed();
    assert.deepEqual(proc.bytes(), Buffer.from([97, 0, 0xff, 0xfe, 10]));
  });

  both('write: stdinClosed without tty and pipeStdin; the process is not harmed', async (t) => {
    const session = await t.session();
    const proc = await session.start(['sleep', '600']);
    assert.deepEqual(await proc.write('x'), { status: 'stdinClosed' });
    assert.deepEqual(await proc.terminate(), { running: true });
  });

  both('write: unknownProcess', async (t) => {
    const { client } = await t.session();
    const write = { processId: 'nobody', chunk: '', writeId: '1' };
    assert.deepEqual(await client.call('process/write', write), { status: 'unknownProcess' });
  });

  ours('extensions: a write after the exit answers stdinClosed', async (t) => {
    const session = await t.session();
    const proc = await session.run('true', { pipeStdin: true });
    assert.deepEqual(await proc.write('x'), { status: 'stdinClosed' });
    const pty = await session.run('true', { tty: true });
    assert.deepEqual(await pty.write('x'), { status: 'stdinClosed' });
  });

  both('write: a writeId that was accepted before is accepted again and not written', async (t) => {
    const session = await t.session();
    const proc = await session.start(['cat'], { pipeStdin: true });
    assert.deepEqual(await proc.write('one\n', 'id'), ACCEPTED);
    assert.deepEqual(await proc.write('two\n', 'id'), ACCEPTED);
    assert.deepEqual(await proc.write('three\n', 'id2'), ACCEPTED);
    await proc.until('three');
    assert.equal(proc.text(), 'one\nthree\n');
    await proc.terminate();
  });

  both('write: writeIds belong to one process', async (t) => {
    const session = await t.session();
    for (const word of ['one', 'two']) {
      const proc = await session.sh('read x; echo "$x"', { pipeStdin: true });
      await proc.write(`${word}\n`, 'same');
      await proc.closed();
      assert.equal(proc.text(), `${word}\n`);
    }
  });

  both('write: writeIds survive a resume', async (t) => {
    const session = await t.session();
    const proc = await session.start(['cat'], { pipeStdin: true });
    await proc.write('one\n', 'id');
    await proc.until('one');
    await session.client.drop();
    const again = new Proc((await t.session(undefined, session.id)).client, proc.id);
    assert.deepEqual(await again.write('one\n', 'id'), ACCEPTED);
    assert.deepEqual(await again.write('two\n', 'id2'), ACCEPTED);
    await again.until('two');
    assert.equal(again.text(), 'two\n');
    await again.terminate();
  });

  both('write: an empty writeId is -32602, checked first', async (t) => {
    const { client } = await t.session();
    const write = { processId: 'nobody', chunk: '', writeId: '' };
    assert.deepEqual(await client.fails('process/write', write), {
      code: -32602,
      message: 'writeId must not be empty',
    });
  });

  const BAD: [string, RegExp][] = [
    ['!!!!', /Invalid symbol 33, offset 0\./],
    ['eHg', /Invalid padding/],
    ['eHg\n', /Invalid symbol 10, offset 3\./],
    ['_-_-', /Invalid symbol 95, offset 0\./],
    ['eHh4\nA==', /Invalid symbol 10, offset 4\./],
    ['=', /Invalid/],
  ];
  for (const [chunk, text] of BAD) {
    both(`write: the chunk ${JSON.stringify(chunk)} is -32602, and nothing is written`, async (t) => {
      const session = await t.session();
      const proc = await session.start(['cat'], { pipeStdin: true });
      const error = await session.client.fails('process/write', { processId: proc.id, chunk, writeId: '1' });
      assert.equal(error.code, -32602);
      assert.match(error.message, text);
      await proc.write('fine\n', '1');
      await proc.until('fine');
      assert.equal(proc.text(), 'fine\n');
      await proc.terminate();
    });
  }

  both('write: a chunk may be as big as a message', async (t) => {
    const session = await t.session();
    const bytes = 5 << 20;
    const proc = await session.sh(`head -c ${String(bytes)} | sha256sum`, { pipeStdin: true });
    const chunk = Buffer.alloc(bytes, 'abcdefg');
    assert.deepEqual(await proc.write(chunk), ACCEPTED);
    await proc.closed();
    const { createHash } = await import('node:crypto');
    assert.equal(proc.text().slice(0, 64), createHash('sha256').update(chunk).digest('hex'));
  });

  both('write: an empty chunk is accepted and is not the end of input', async (t) => {
    const session = await t.session();
    const proc = await session.sh('read x; echo "got $x"', { pipeStdin: true });
    assert.deepEqual(await proc.write(''), ACCEPTED);
    await proc.write('word\n');
    await proc.closed();
    assert.equal(proc.text(), 'got word\n');
  });

  both('write: after the process closed its stdin, the server and the process go on', async (t) => {
    const session = await t.session();
    const proc = await session.sh('exec <&-; echo closed; sleep 600', { pipeStdin: true });
    await proc.until('closed');
    for (let i = 0; i < 3; i++)
      await session.client.answer(
        session.client.post('process/write', {
          processId: proc.id,
          chunk: b64('x'),
          writeId: `w${String(i)}`,
        }),
      );
    assert.deepEqual(await proc.terminate(), { running: true });
    assert.equal(await session.text('echo on'), 'on');
  });
});
