/** What the interface promises besides the reference's scenarios, over all backends. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { collectEvents, collectFromReads, readUntilChange, sh, start, textOf } from './collect';
import { overEach } from './overEach';

overEach('the interface', (backend, end) => {
  it('gives each subscriber every event, whenever it came', async () => {
    const child = await start(backend(), sh('echo one; read x; echo two', { pipeStdin: true }));
    const first = collectEvents(child);
    await readUntilChange(child);
    const second = collectEvents(child);
    await child.write(Buffer.from('\n'));
    const all = await first;
    assert.equal(textOf(all), 'one\ntwo\n');
    assert.deepEqual(await second, all);
    assert.deepEqual(await collectEvents(child), all);
  });

  it('reads as much as is asked for, and waits no longer than that', async () => {
    const child = await start(backend(), sh('echo one; read x; echo two', { pipeStdin: true }));
    await readUntilChange(child);
    const idle = await child.read(1, undefined, 50);
    assert.deepEqual([idle.chunks, idle.exited, idle.closed, idle.nextSeq], [[], false, false, 2]);
    await child.write(Buffer.from('\n'));
    await collectFromReads(child);
    const { chunks, nextSeq } = await child.read(0, 1);
    assert.deepEqual([chunks.map(({ seq }) => seq), nextSeq], [[1], 2]);
    const all = await child.read(0);
    assert.equal(Buffer.concat(all.chunks.map((c) => c.chunk)).toString(), 'one\ntwo\n');
  });

  it('has the environment that was asked for, and the name', async () => {
    const argv = ['/usr/bin/env'];
    const only = await start(backend(), { ...sh(''), argv, env: { A: 'ä b' } });
    assert.deepEqual(await collectFromReads(only), { text: 'A=ä b\n', exitCode: 0 });
    const envPolicy = {
      inherit: 'none',
      ignoreDefaultExcludes: false,
      exclude: [],
      set: { A: '1', B: '2' },
      includeOnly: [],
    } as const;
    const built = await start(backend(), { ...sh(''), argv, env: { B: '3' }, envPolicy });
    assert.deepEqual((await collectFromReads(built)).text.split('\n').sort(), ['', 'A=1', 'B=3']);
    const named = await start(backend(), sh('echo $0', { arg0: 'other' }));
    assert.equal((await collectFromReads(named)).text, 'other\n');
  });

  it('takes all that is written, in order', async () => {
    const bytes = Buffer.alloc(5_000_000, 'abcdefghijk');
    const child = await start(backend(), sh('head -c 5000006 | cksum', { pipeStdin: true }));
    const answers = [child.write(bytes.subarray(0, 3)), child.write(bytes), child.write(Buffer.from('end'))];
    assert.deepEqual(await Promise.all(answers), Array(3).fill({ status: 'accepted' }));
    const all = Buffer.concat([bytes.subarray(0, 3), bytes, Buffer.from('end')]);
    const expected = execFileSync('cksum', { input: all, encoding: 'utf8' });
    assert.deepEqual(await collectFromReads(child), { text: expected, exitCode: 0 });
  });

  it('bears all calls after the end', async () => {
    const child = await start(backend(), sh('exit 4', { pipeStdin: true }));
    await collectFromReads(child);
    assert.deepEqual(await child.write(Buffer.from('x')), { status: 'stdinClosed' });
    await child.signal('interrupt');
    await child.terminate();
    assert.deepEqual(await collectFromReads(child), { text: '', exitCode: 4 });
  });

  if (end.isReference) {
    it('a server without closeStdin and resize says so, and goes on', async () => {
      const size = { rows: 30, cols: 100 };
      const cannot = { name: 'RpcError', code: -32601 };
      const tty = await start(backend(), sh('read x; echo got $x; read y; echo over', { tty: true, size }));
      await assert.rejects(tty.resize(size), cannot);
      await tty.write(Buffer.from('it\n'));
      // In a terminal the key does it.
      assert.deepEqual(await tty.closeStdin(), { status: 'accepted' });
      assert.match((await collectFromReads(tty)).text, /got it[^]*over/);
      const pipe = await start(backend(), sh('read x; echo got $x', { pipeStdin: true }));
      await assert.rejects(pipe.closeStdin(), cannot);
      await pipe.write(Buffer.from('it\n'));
      assert.deepEqual(await collectFromReads(pipe), { text: 'got it\n', exitCode: 0 });
    });
  }

  it('ends stdin, and resizes a terminal', async function () {
    if (end.isReference) {
      console.log('      skipped: codex exec-server has neither process/closeStdin nor process/resize');
      return this.skip();
    }
    const cat = await start(backend(), {
      ...sh('', { processId: 'proc-cat', pipeStdin: true }),
      argv: ['cat'],
    });
    await cat.write(Buffer.from('all of it'));
    await cat.closeStdin();
    assert.deepEqual(await collectFromReads(cat), { text: 'all of it', exitCode: 0 });
    const size = { rows: 30, cols: 100 };
    const tty = await start(
      backend(),
      sh('stty size; read x; stty size', { processId: 'proc-tty', tty: true, size }),
    );
    await readUntilChange(tty);
    await tty.resize({ rows: 40, cols: 120 });
    await tty.write(Buffer.from('\n'));
    const { text } = await collectFromReads(tty);
    assert.match(text, /30 100[^]*40 120/);
  });
});
