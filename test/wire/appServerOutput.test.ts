import assert from 'node:assert/strict';
import { bothApp } from './cases.js';
import { appServer } from './appServerClient.js';
import { gone } from './procfs.js';

const DELTAS = { streamStdoutStderr: true };

describe('output and exit of the processes of the app-server', () => {
  bothApp('app-server: deltas by stream, and empty texts at the end', async (t) => {
    const handle = await (await appServer(t)).sh('echo out; echo err >&2', DELTAS);
    const { stdout, stderr } = await handle.exited();
    assert.deepEqual([handle.text('stdout'), handle.text('stderr')], ['out\n', 'err\n']);
    assert.deepEqual([stdout, stderr], ['', '']);
    for (const delta of handle.deltas) assert.equal(delta['capReached'], false);
  });

  bothApp('app-server: every byte, in deltas of at most 128 KiB', async (t) => {
    const bytes = 3_000_000;
    const script = `yes 0123456789abcde | head -c ${String(bytes)}`;
    const handle = await (await appServer(t)).sh(script, { ...DELTAS, outputBytesCap: null });
    assert.equal((await handle.exited())['stdoutCapReached'], false);
    assert.equal(handle.text(), '0123456789abcde\n'.repeat(bytes / 16));
    for (const { deltaBase64 } of handle.deltas)
      assert.ok(Buffer.from(String(deltaBase64), 'base64').length <= 128 * 1024);
  });

  bothApp('app-server: the exit is told when the streams are capped, whoever holds them', async (t) => {
    const script = 'sleep 60 & echo out; echo err >&2; exit 6';
    const handle = await (await appServer(t)).sh(script, { outputBytesCap: 1 });
    const exited = await handle.exited();
    assert.deepEqual(exited, {
      processHandle: handle.processHandle,
      exitCode: 6,
      outputDrainTimedOut: false,
      stdout: 'o',
      stdoutCapReached: true,
      stderr: 'e',
      stderrCapReached: true,
    });
  });

  bothApp('app-server: a delta says that it reaches the cap, and the exit says it again', async (t) => {
    const handle = await (await appServer(t)).sh('printf abc', { ...DELTAS, outputBytesCap: 3 });
    assert.equal((await handle.exited())['stdoutCapReached'], true);
    assert.deepEqual([handle.text(), handle.deltas.at(-1)?.['capReached']], ['abc', true]);
  });

  bothApp('app-server: terminal output is stdout', async (t) => {
    const handle = await (await appServer(t)).sh('echo err >&2', { tty: true });
    await handle.exited();
    assert.equal(handle.text('stdout'), 'err\r\n');
  });

  bothApp('app-server: the delta that reaches the cap is the last, and the process goes on', async (t) => {
    const script = 'head -c 100000 /dev/zero; echo err >&2; exit 4';
    const handle = await (await appServer(t)).sh(script, { ...DELTAS, outputBytesCap: 1000 });
    const { exitCode, stdoutCapReached, stderrCapReached } = await handle.exited();
    assert.deepEqual([exitCode, stdoutCapReached, stderrCapReached], [4, true, false]);
    const out = handle.deltas.filter((delta) => delta['stream'] === 'stdout');
    assert.equal(handle.text('stdout').length, 1000);
    assert.deepEqual(
      out.map((delta) => delta['capReached']),
      [...out.slice(1).map(() => false), true],
    );
  });

  bothApp('app-server: reaching the cap exactly counts, one byte less does not', async (t) => {
    const server = await appServer(t);
    for (const [outputBytesCap, reached, stdout] of [
      [3, true, 'abc'],
      [4, false, 'abc'],
      [2, true, 'ab'],
      [0, true, ''],
    ] as const) {
      const exited = await server.run('printf abc', { outputBytesCap });
      assert.deepEqual([exited['stdoutCapReached'], exited['stdout']], [reached, stdout]);
      assert.equal(exited['stderrCapReached'], false);
    }
  });

  bothApp('app-server: 1 MiB for each stream when absent, no cap for null', async (t) => {
    const server = await appServer(t);
    const script = 'head -c 2000000 /dev/zero';
    const capped = await server.run(script);
    assert.deepEqual([String(capped['stdout']).length, capped['stdoutCapReached']], [1 << 20, true]);
    const whole = await server.run(script, { outputBytesCap: null });
    assert.deepEqual([String(whole['stdout']).length, whole['stdoutCapReached']], [2_000_000, false]);
  });

  bothApp('app-server: text that is no UTF-8 is taken for Latin-1', async (t) => {
    const server = await appServer(t);
    assert.equal((await server.run('printf "ä"'))['stdout'], 'ä');
    assert.equal((await server.run('printf "a\\344"'))['stdout'], 'aä');
  });

  bothApp('app-server: signals give 128+N', async (t) => {
    const server = await appServer(t);
    assert.equal((await server.run('kill -TERM $$'))['exitCode'], 143);
  });

  bothApp('app-server: streams that stay open after the exit are waited for 2 s', async (t) => {
    const server = await appServer(t);
    const before = Date.now();
    const handle = await server.sh('sleep 60 & echo $!; exit 5', DELTAS);
    const { exitCode, outputDrainTimedOut } = await handle.exited();
    assert.deepEqual([exitCode, outputDrainTimedOut], [5, true]);
    assert.ok(Date.now() - before >= 1900);
    await gone(Number(handle.text()));
    assert.equal(handle.messages.at(-1)?.method, 'process/exited');
  });

  bothApp('app-server: output of descendants within the 2 s is delivered', async (t) => {
    const exited = await (await appServer(t)).run('(sleep 0.3; echo late) & exit 0');
    assert.deepEqual([exited['stdout'], exited['outputDrainTimedOut']], ['late\n', false]);
  });

  bothApp('app-server: after the exit the rest of the process group is killed', async (t) => {
    const handle = await (await appServer(t)).sh('sleep 60 >/dev/null 2>&1 & echo $!', DELTAS);
    await handle.exited();
    await gone(Number(handle.text()));
  });
});
