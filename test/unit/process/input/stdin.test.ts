import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProcessTable } from '../../../../src/process/processTable';
import type { StdinPipe } from '../../../../src/process/child';
import { Stdin } from '../../../../src/process/input/stdin';
import { OWNER, posix, shell, spec, untilClosed, untilOutput } from '../helpers';

(posix ? describe : describe.skip)('stdin', () => {
  const table = new ProcessTable();
  after(() => table.shutdown());

  it('keeps the order of all writers and ends after what is queued', async () => {
    const cat = await table.start('id', spec(['cat'], { pipeStdin: true }), OWNER);
    const writes = Array.from({ length: 200 }, (_, i) => cat.write(Buffer.from(`${i}\n`)));
    const end = cat.closeStdin();
    assert.equal(cat.stdinOpen, false);
    assert.equal(await cat.write(Buffer.from('late')), 'stdinClosed');
    assert.deepEqual(new Set(await Promise.all([...writes, end])), new Set(['accepted']));
    await untilClosed(cat);
    const { chunks } = await cat.read();
    const text = Buffer.concat(chunks.map(({ chunk }) => chunk)).toString();
    assert.equal(text, Array.from({ length: 200 }, (_, i) => `${i}\n`).join(''));
  });

  it('waits while the pipe is full, until the child reads', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stdin-'));
    try {
      const go = join(folder, 'go');
      const script = `while [ ! -e '${go}' ]; do sleep 0.02; done; wc -c`;
      const slow = await table.start('id', shell(script, { pipeStdin: true }), OWNER);
      let taken = false;
      const write = slow.write(Buffer.alloc(5_000_000)).then((status) => {
        taken = true;
        return status;
      });
      await sleep(200);
      assert.equal(taken, false);
      await writeFile(go, '');
      assert.equal(await write, 'accepted');
      await slow.closeStdin();
      assert.match(await untilOutput(slow, /\d+\n/), /5000000/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('answers stdinClosed without a stdin, after the exit, and to a write that the exit cut short', async () => {
    const without = await table.start('id', shell('sleep 0.1'), OWNER);
    assert.equal(without.stdinOpen, false);
    assert.equal(await without.write(Buffer.from('x')), 'stdinClosed');
    for (const tty of [false, true]) {
      const brief = await table.start(
        'id',
        shell('stty raw 2>/dev/null; sleep 0.2', { pipeStdin: true, tty }),
        OWNER,
      );
      assert.equal(await brief.write(Buffer.alloc(1_000_000, 'a\n')), 'stdinClosed', `tty: ${tty}`);
      await untilClosed(brief);
      assert.equal(await brief.write(Buffer.from('x')), 'stdinClosed');
      assert.equal(await brief.closeStdin(), 'stdinClosed');
    }
  });

  it('survives a child that closes its stdin', async () => {
    const deaf = await table.start(
      'id',
      shell('exec <&-; echo ready; sleep 0.3', { pipeStdin: true }),
      OWNER,
    );
    await untilOutput(deaf, /ready/);
    assert.equal(await deaf.write(Buffer.from('x')), 'stdinClosed');
    await untilClosed(deaf);
  });

  it('writes a known id once', async () => {
    const cat = await table.start('id', spec(['cat'], { pipeStdin: true }), OWNER);
    assert.equal(await cat.write(Buffer.from('a'), '1'), 'accepted');
    assert.equal(await cat.write(Buffer.from('b'), '1'), 'accepted');
    const both = [cat.write(Buffer.from('c'), '2'), cat.write(Buffer.from('d'), '2')];
    assert.deepEqual(await Promise.all(both), ['accepted', 'accepted']);
    await cat.closeStdin();
    assert.equal(await cat.write(Buffer.from('e'), '1'), 'accepted');
    await untilClosed(cat);
    const { chunks } = await cat.read();
    assert.equal(Buffer.concat(chunks.map(({ chunk }) => chunk)).toString(), 'ac');
  });

  it('knows the last 4096 ids', async () => {
    const written: number[] = [];
    const pipe: StdinPipe = {
      write: async (chunk) => {
        written.push(chunk.length);
        return true;
      },
      end: async () => true,
      destroy: () => undefined,
    };
    const stdin = new Stdin(pipe);
    for (let i = 0; i < 4097; i++) await stdin.write(Buffer.alloc(1), String(i));
    await stdin.write(Buffer.alloc(2), '1');
    assert.equal(written.length, 4097);
    await stdin.write(Buffer.alloc(3), '0');
    assert.equal(written.at(-1), 3);
  });

  it('a write that was not accepted may be tried again under its id', async () => {
    const answers = [false, true, true];
    let writes = 0;
    const stdin = new Stdin({
      write: async () => answers[writes++] ?? false,
      end: async () => true,
      destroy: () => undefined,
    });
    assert.equal(await stdin.write(Buffer.from('a'), '1'), 'stdinClosed');
    assert.equal(await stdin.write(Buffer.from('a'), '1'), 'accepted');
    // Now it is known: nothing is written again.
    assert.equal(await stdin.write(Buffer.from('a'), '1'), 'accepted');
    assert.equal(writes, 2);
  });

  it('types into a terminal: echo, line, end of file', async () => {
    const cat = await table.start('id', spec(['cat'], { tty: true }), OWNER);
    assert.equal(await cat.write(Buffer.from('hello\r')), 'accepted');
    assert.match(await untilOutput(cat, /hello\r\nhello\r\n/), /^hello\r\nhello\r\n$/);
    assert.equal(await cat.closeStdin(), 'accepted');
    await untilClosed(cat);
    assert.equal(cat.exitCode, 0);
  });

  it('brings a long paste into a terminal whole, without spinning while it is full', async () => {
    const size = 300_000;
    const script = `stty raw -echo; echo go; sleep 1.2; head -c ${size} | cksum`;
    const process = await table.start('id', shell(script, { tty: true }), OWNER);
    await untilOutput(process, /go/);
    const paste = Buffer.alloc(size, 'The quick brown fox. ');
    const cpu = globalThis.process.cpuUsage();
    const start = performance.now();
    const write = process.write(paste);
    await sleep(1000);
    const used = globalThis.process.cpuUsage(cpu);
    const share = (used.user + used.system) / 1000 / (performance.now() - start);
    assert.ok(share < 0.5, `${share} of a processor while blocked`);
    assert.equal(await write, 'accepted');
    const piped = await table.start('id', spec(['cksum'], { pipeStdin: true }), OWNER);
    await piped.write(paste);
    await piped.closeStdin();
    const expected = (await untilOutput(piped, /\n/)).trim();
    assert.ok((await untilOutput(process, /go[^]*\d+ \d+/)).includes(expected));
  });
});
