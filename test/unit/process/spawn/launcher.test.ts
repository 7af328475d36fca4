import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { ChildReaper } from '../../../../src/process/native/childReaper';
import { loadLibc, type Libc } from '../../../../src/process/native/libc';
import { findPosixLauncher } from '../../../../src/process/spawn/posixLauncher';
import { findPosixSpawn } from '../../../../src/process/spawn/posixSpawn';
import { ProcessTable } from '../../../../src/process/processTable';
import { linux, lives, OWNER, run, shell, spec, until } from '../helpers';

const SYSTEM = join(__dirname, '../../../../src/process');

(linux ? describe : describe.skip)('the launcher of Linux', () => {
  const table = new ProcessTable();
  const folder = mkdtempSync(join(tmpdir(), 'launcher-test-'));
  const libc = loadLibc();
  after(async () => {
    await table.shutdown();
    rmSync(folder, { recursive: true });
  });

  it('is the one that is used here', () => {
    assert.ok(findPosixLauncher(libc));
  });

  it('gives way where the C library is too old to change the folder', () => {
    const old = {
      ...libc,
      find: (text: string) => (text.includes('addchdir') ? undefined : libc.find(text)),
    };
    assert.equal(findPosixLauncher(old), undefined);
  });

  it('does not copy the host, however large that is', async () => {
    const held = Array.from({ length: 256 }, () => Buffer.alloc(1024 * 1024, 1));
    const rounds: number[] = [];
    for (let round = 0; round < 5; round++) {
      const before = process.resourceUsage().minorPageFault;
      for (let i = 0; i < 20; i++) await run(table, spec(['true']));
      rounds.push(process.resourceUsage().minorPageFault - before);
    }
    // After a fork every page that is written to is copied: hundreds for each start. One round alone may meet a
    // collection of garbage, which touches new pages too.
    assert.ok(Math.min(...rounds) < 20 * 150, `${rounds.join()} pages`);
    assert.equal(held.length, 256);
  });

  it('passes arguments and variables of any length that the system takes, and says when it does not', async () => {
    const long = 'x'.repeat(120_000);
    const argv = ['sh', '-c', 'echo "$# ${#1} ${#A}"', '0', ...Array<string>(10).fill(long)];
    const env = { PATH: process.env['PATH'] ?? '', A: long };
    assert.equal((await run(table, spec(argv, { env }))).text(), '10 120000 120000\n');
    await assert.rejects(
      table.start('id', spec(['true', ...Array<string>(40).fill(long)]), OWNER),
      /^SpawnError: Argument list too long \(os error 7\)$/,
    );
  });

  it('runs what has neither a #! line nor a format by sh, with its arguments', async () => {
    const plain = join(folder, 'plain');
    writeFileSync(plain, 'echo "$0|$1|$2"\n');
    chmodSync(plain, 0o755);
    assert.equal((await run(table, spec([plain, 'a b', 'c']))).text(), `${plain}|a b|c\n`);
    const env = { PATH: `${folder}:/bin:/usr/bin` };
    assert.equal((await run(table, spec(['plain', 'a', 'b'], { env }))).text(), `${plain}|a|b\n`);
  });

  it('gives default signals, none of them blocked', async () => {
    const { text } = await run(table, spec(['grep', '-E', '^Sig(Blk|Ign)', '/proc/self/status']));
    assert.deepEqual(
      [...text().matchAll(/\t(\w+)/g)].map(([, mask]) => Number(`0x${mask ?? ''}`)),
      [0, 0],
    );
  });

  it('gives no descriptor that others forgot to close on exec', async () => {
    const dup = libc.find('int dup(int fd)');
    const close = libc.find('int close(int fd)');
    const forgotten = [dup?.(1), dup?.(2)];
    for (const tty of [false, true]) {
      const { text } = await run(table, shell('ls /proc/$$/fd', { tty }));
      assert.deepEqual(text().trim().split(/\s+/), ['0', '1', '2']);
    }
    forgotten.forEach((fd) => close?.(fd));
  });

  it('starts more at once than there are threads to start them', async () => {
    const all = await Promise.all(
      Array.from({ length: 400 }, (_, i) => run(table, shell(`exit ${i % 200}`))),
    );
    assert.deepEqual(
      all.map(({ process }) => process.exitCode),
      all.map((_, i) => i % 200),
    );
  });

  it('learns of an exit even if somebody has taken its listener away', async () => {
    const reaper = new ChildReaper(libc, 20);
    const spawned = await findPosixSpawn(libc)?.({
      path: '/bin/sh',
      argv: ['sh', '-c', 'sleep 0.2; exit 5'],
      env: [],
      cwd: '/',
      stdio: ['/dev/null', '/dev/null', '/dev/null'],
    });
    const exit = reaper.exitOf(spawned?.pid ?? 0);
    const others = process.rawListeners('SIGCHLD');
    process.removeAllListeners('SIGCHLD');
    assert.deepEqual(await exit, { code: 5, signal: null });
    for (const listener of others.slice(0, -1)) process.on('SIGCHLD', listener as () => void);
  });

  it('collects an exit at the same cost however many children run, and leaves those of others', async () => {
    let asked = 0;
    const counting: Libc = {
      ...libc,
      find: (declaration) => {
        const call = libc.find(declaration);
        if (!call || !declaration.includes('waitpid')) return call;
        return (...args) => {
          asked += 1;
          return call(...args);
        };
      },
    };
    const reaper = new ChildReaper(counting);
    const start = async (script: string): Promise<number> => {
      const stdio = ['/dev/null', '/dev/null', '/dev/null'];
      const argv = ['sh', '-c', script];
      return (await findPosixSpawn(libc)?.({ path: '/bin/sh', argv, env: [], cwd: '/', stdio }))?.pid ?? 0;
    };
    const staying = await Promise.all(Array.from({ length: 100 }, () => start('exec sleep 60')));
    const exits = staying.map((pid) => reaper.exitOf(pid));
    asked = 0;
    for (let i = 0; i < 10; i++)
      assert.equal((await reaper.exitOf(await start('sleep 0.05; exit 3'))).code, 3);
    // One look when it is made known, one when it has ended.
    assert.ok(asked <= 40, String(asked));
    // Another's zombie may stand before ours.
    const zombie = await start('exit 7');
    await until(() => !lives(zombie));
    assert.equal((await reaper.exitOf(await start('sleep 0.05; exit 4'))).code, 4);
    assert.equal((await new ChildReaper(libc).exitOf(zombie)).code, 7);
    for (const pid of staying) process.kill(pid, 'SIGKILL');
    for (const { signal } of await Promise.all(exits)) assert.equal(signal, 9);
  });

  it('says so when somebody else has taken the exit', async () => {
    const reaper = new ChildReaper(libc);
    const { code, signal, problem } = await reaper.exitOf(1);
    assert.deepEqual([code, signal], [null, null]);
    assert.match(problem ?? '', /No child process \(os error 10\)/);
  });

  it('is not used in a worker thread, where processes run all the same', async function () {
    const worker = new Worker(
      `const { parentPort } = require('node:worker_threads');
       require('tsx/cjs/api').register();
       const { ProcessTable } = require('${SYSTEM}/processTable.ts');
       const table = new ProcessTable();
       (async () => {
         for (const tty of [false, true]) {
           const row = await table.start('id', { argv: ['sh', '-c', 'sleep 0.3; echo $((6 * 7)); exit 3'], cwd: '/',
             env: { PATH: '/bin:/usr/bin' }, tty, pipeStdin: false }, { id: 'o', name: 'o' });
           let text = '';
           row.subscribe((event) => {
             if (event.type === 'output') text += event.chunk.toString();
             if (event.type === 'closed') parentPort.postMessage([text, row.exitCode]);
           });
         }
       })();`,
      { eval: true },
    );
    const replies: unknown[] = [];
    const warnings: unknown[] = [];
    const warned = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', warned);
    worker.on('message', (reply) => replies.push(reply));
    for (let left = 400; left > 0 && replies.length < 2; left--) await sleep(50);
    await worker.terminate();
    process.off('warning', warned);
    assert.deepEqual(warnings, []);
    assert.deepEqual(replies.sort(), [
      ['42\n', 3],
      ['42\r\n', 3],
    ]);
  });
});
