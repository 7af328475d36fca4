/** One suite over all backends: each scenario of the reference's shared process tests. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectEvents, collectFromReads, inTime, readUntilChange, sh, start, textOf } from './collect';
import { overEach } from './overEach';

overEach('processes', (backend) => {
  it('starts and exits', async () => {
    const process = await start(backend(), { ...sh(''), processId: 'proc-1', argv: ['true'] });
    assert.equal(process.processId, 'proc-1');
    assert.deepEqual(await collectFromReads(process), { text: '', exitCode: 0 });
  });

  it('streams output', async () => {
    const params = sh("sleep 0.05; printf 'session output\\n'", { processId: 'proc-stream' });
    const process = await start(backend(), params);
    assert.deepEqual(await collectFromReads(process), { text: 'session output\n', exitCode: 0 });
  });

  it('pushes events with their numbers, streams and exit code', async () => {
    const script = "printf 'event output\\n'; sleep 0.1; printf 'event err\\n' >&2; sleep 0.1; exit 7";
    const events = await collectEvents(await start(backend(), sh(script, { processId: 'proc-events' })));
    const plain = events.map((e) =>
      e.type === 'output' ? { ...e, chunk: Buffer.from(e.chunk).toString() } : e,
    );
    assert.deepEqual(plain, [
      { type: 'output', seq: 1, stream: 'stdout', chunk: 'event output\n' },
      { type: 'output', seq: 2, stream: 'stderr', chunk: 'event err\n' },
      { type: 'exited', seq: 3, exitCode: 7 },
      { type: 'closed', seq: 4 },
    ]);
  });

  it('replays events after the close', async () => {
    const script = "printf 'late one\\n'; printf 'late two\\n'";
    const process = await start(backend(), sh(script, { processId: 'proc-events-late' }));
    assert.deepEqual(await collectFromReads(process), { text: 'late one\nlate two\n', exitCode: 0 });
    const events = await collectEvents(process);
    assert.equal(textOf(events), 'late one\nlate two\n');
    assert.deepEqual(
      events.map((e) => e.type).filter((type) => type !== 'output'),
      ['exited', 'closed'],
    );
  });

  it('takes input in a terminal', async () => {
    const script = 'echo ready; IFS= read line; printf \'from-stdin:%s\\n\' "$line"';
    const process = await start(backend(), sh(script, { processId: 'proc-stdin', tty: true }));
    await readUntilChange(process);
    await process.write(Buffer.from('hello\n'));
    const { text, exitCode } = await collectFromReads(process);
    assert.match(text, /from-stdin:hello/);
    assert.equal(exitCode, 0);
  });

  it('takes input by a pipe', async () => {
    const script = 'IFS= read line; printf \'from-stdin:%s\\n\' "$line"';
    const process = await start(backend(), sh(script, { processId: 'proc-stdin-pipe', pipeStdin: true }));
    assert.deepEqual(await process.write(Buffer.from('hello\n')), { status: 'accepted' });
    assert.deepEqual(await collectFromReads(process), { text: 'from-stdin:hello\n', exitCode: 0 });
  });

  it('refuses input without a stdin', async () => {
    const script = `sleep 0.3; if IFS= read -r line; then printf 'read:%s\\n' "$line"; else printf 'eof\\n'; fi`;
    const process = await start(backend(), sh(script, { processId: 'proc-stdin-closed' }));
    assert.deepEqual(await process.write(Buffer.from('ignored\n')), { status: 'stdinClosed' });
    assert.deepEqual(await collectFromReads(process), { text: 'eof\n', exitCode: 0 });
  });

  it('keeps events that came before anybody subscribed', async () => {
    const process = await start(backend(), sh("printf 'queued output\\n'", { processId: 'proc-queued' }));
    while (!(await process.read(0)).closed) await sleep(5);
    assert.deepEqual(await collectFromReads(process), { text: 'queued output\n', exitCode: 0 });
  });

  it('retains output until the streams close: after the exit, from a child that holds stdout', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'late-'));
    try {
      const release = join(folder, 'release');
      const script = `(while [ ! -e "${release}" ]; do sleep 0.02; done; printf 'late output\\n') & printf 'parent\\n'`;
      const process = await start(backend(), sh(script, { processId: 'proc-late' }));
      let response = await process.read(0);
      // The Codex CLI may tell the exit before the output.
      while (!response.exited || response.chunks.length === 0) {
        await sleep(5);
        response = await process.read(0);
      }
      assert.equal(response.closed, false);
      const seen = response.nextSeq - 1;
      const waiting = process.read(seen, undefined, 15_000);
      writeFileSync(release, '');
      const late = await inTime('the late output', waiting);
      assert.equal(Buffer.concat(late.chunks.map((c) => c.chunk)).toString(), 'late output\n');
      const events = await collectEvents(process);
      assert.equal(textOf(events), 'parent\nlate output\n');
      assert.equal(events.at(-1)?.type, 'closed');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is byte-exact over 8 MiB and all byte values', async () => {
    const make =
      'for(let i=0;i<128;i++){const b=Buffer.alloc(65536);for(let j=0;j<65536;j++)b[j]=(i+j*7)&255;fs.writeSync(1,b)}';
    const argv = [process.execPath, '-e', make];
    const remote = await start(backend(), { ...sh(''), processId: 'proc-bytes', argv });
    let at = 0;
    for await (const event of remote.subscribeEvents()) {
      assert.notEqual(event.type, 'dropped');
      if (event.type !== 'output') continue;
      for (const byte of event.chunk) {
        if (byte !== (((at >> 16) + (at & 65_535) * 7) & 255)) assert.fail(`wrong byte at ${String(at)}`);
        at++;
      }
    }
    assert.equal(at, 8 * 1024 * 1024);
  });

  it('interrupts, and terminates with everything that was started', async () => {
    const trapped = await start(
      backend(),
      sh('trap "echo caught; exit 5" INT; echo ready; while :; do sleep 0.05; done', {
        processId: 'proc-int',
      }),
    );
    await readUntilChange(trapped);
    await trapped.signal('interrupt');
    const { text, exitCode } = await collectFromReads(trapped);
    assert.equal(text, 'ready\ncaught\n');
    assert.equal(exitCode, 5);
    const stuck = await start(
      backend(),
      sh('trap "" INT TERM; sleep 600 & sleep 600', { processId: 'proc-kill' }),
    );
    await stuck.terminate();
    assert.equal((await collectFromReads(stuck)).exitCode, 137);
  });

  it('refuses what cannot run, an id in use and a relative cwd, and goes on', async () => {
    await assert.rejects(
      start(backend(), { ...sh(''), processId: 'proc-none', argv: ['/no/such/program'] }),
      /No such file or directory/,
    );
    const free = await start(backend(), sh('echo free', { processId: 'proc-none' }));
    assert.equal((await collectFromReads(free)).text, 'free\n');
    const process = await start(backend(), sh('sleep 600', { processId: 'proc-twice' }));
    await assert.rejects(start(backend(), sh('true', { processId: 'proc-twice' })), /already exists/);
    await assert.rejects(
      start(backend(), sh('true', { processId: 'proc-cwd', cwd: 'here' })),
      /cwd must be an absolute path/,
    );
    await process[Symbol.asyncDispose]();
    assert.equal((await collectFromReads(process)).exitCode, 137);
    const again = await start(backend(), sh('pwd', { processId: 'proc-url', cwd: 'file:///tmp' }));
    assert.equal((await collectFromReads(again)).text, '/tmp\n');
  });
});
