import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { STEP_MS } from '../../../../scripts/host/patience.mjs';
import type { ManagedProcess } from '../../../../src/process/managedProcess';
import { ProcessTable } from '../../../../src/process/processTable';
import { rungsOf } from '../../../../src/process/stop/stopLadder';
import { linux, lives, OWNER, posix, shell, spec, until, untilClosed, untilOutput } from '../helpers';

/** Longer than any test may take. */
const FOREVER_MS = 3_600_000;
const DEAF = 'trap "" INT TERM HUP; echo ready; while :; do sleep 0.05; done';

describe('rungsOf', () => {
  it('goes from the first to the last', () => {
    assert.deepEqual(rungsOf({ from: 'interrupt' }), ['interrupt', 'terminate', 'kill']);
    assert.deepEqual(rungsOf({ from: 'interrupt', to: 'interrupt' }), ['interrupt']);
    assert.deepEqual(rungsOf({ from: 'kill', to: 'interrupt' }), []);
  });
});

(posix ? describe : describe.skip)('stopping', () => {
  const table = new ProcessTable();
  const ours: number[] = [];
  after(async () => {
    await table.shutdown();
    for (const pid of ours) assert.ok(!lives(pid), `${pid} was left over`);
  });

  async function started(script: string, tty = false): Promise<[ManagedProcess, number[]]> {
    const process = await table.start('id', shell(script, { tty }), OWNER);
    // All that it is to say, in whatever order.
    const count = script.split('echo pid').length - 1;
    const text = await untilOutput(process, new RegExp(`^(?=[^]*ready)(?:[^]*?pid \\d+\\r?\\n){${count}}`));
    const pids = [...text.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));
    ours.push(process.pid!, ...pids);
    return [process, pids];
  }

  for (const tty of [false, true]) {
    describe(tty ? 'in a terminal' : 'on pipes', () => {
      it('climbs to the rung that is needed', async () => {
        const [polite] = await started('trap "exit 5" TERM; echo ready; while :; do sleep 0.05; done', tty);
        // A grace that the test could not sit out: the child's own end ends the wait.
        assert.deepEqual(await polite.stop({ from: 'terminate', graceMs: FOREVER_MS, by: 'person' }), []);
        assert.equal(polite.exitCode, 5);
        assert.equal(polite.state, 'killed');
        assert.equal(polite.stoppedBy, 'person');

        const [deaf] = await started(DEAF, tty);
        assert.deepEqual(await deaf.stop({ from: 'interrupt', graceMs: 60, by: 'client' }), []);
        assert.equal(deaf.exitCode, 137);
        await untilClosed(deaf);
      });

      it('an interrupt stays on its rung', async () => {
        const [deaf] = await started(DEAF, tty);
        await deaf.interrupt();
        const left = await deaf.stop({ from: 'interrupt', to: 'interrupt', graceMs: 100, by: 'person' });
        assert.ok(left.some(({ pid, command }) => pid === deaf.pid && command.includes('trap')));
        assert.equal(deaf.exitCode, null);
        assert.equal(deaf.stoppedBy, null);
        await deaf.stop({ from: 'kill', by: 'person' });
        const [open] = await started('echo ready; while :; do sleep 0.05; done', tty);
        await open.interrupt();
        await untilClosed(open);
        assert.equal(open.exitCode, 130);
        assert.equal(open.state, 'exited');
        await open.interrupt();
      });

      it('kills in the same turn', async () => {
        const [deaf] = await started(DEAF, tty);
        void deaf.stop({ from: 'kill', by: 'client' });
        // Nothing of ours runs in between; the kernel needs a moment.
        const end = performance.now() + STEP_MS;
        while (lives(deaf.pid!) && performance.now() < end);
        assert.ok(!lives(deaf.pid!));
        await untilClosed(deaf);
      });

      it('takes the whole group, and what escaped it with setsid', async () => {
        const [process, pids] = await started(
          `(${DEAF.replace('echo ready', ':')}) & echo pid $!; ` +
            `setsid sh -c 'echo pid $$; sleep 90 & echo pid $!; sleep 90' & ${DEAF}`,
          tty,
        );
        assert.equal(pids.length, 3);
        assert.ok(pids.every(lives));
        assert.deepEqual(await process.stop({ from: 'kill', by: 'client' }), []);
        assert.deepEqual(pids.filter(lives), []);
        await untilClosed(process);
      });
    });
  }

  it('finds a double fork with a session of its own, and closes at once', async () => {
    const [process, [pid = 0]] = await started(
      `sh -c 'setsid sh -c "echo pid \\$\\$; sleep 600" &' ; ${DEAF}`,
    );
    assert.ok(lives(pid));
    assert.deepEqual(await process.stop({ from: 'kill', by: 'client' }), []);
    await untilClosed(process);
    if (linux) assert.ok(!lives(pid));
    else if (lives(pid)) globalThis.process.kill(pid, 'SIGKILL');
  });

  it('closes at once after a kill, even if a stranger holds the pipe', async () => {
    if (!linux) return;
    const [process] = await started(DEAF);
    const stranger = spawn('/bin/sh', ['-c', `exec 3> /proc/${process.pid}/fd/1; echo; exec sleep 60`]);
    await once(stranger.stdout, 'data');
    await process.stop({ from: 'kill', by: 'client' });
    await untilClosed(process);
    assert.ok(lives(stranger.pid!));
    stranger.kill('SIGKILL');
  });

  it('loses nothing that was written before the kill, also for a paused reader', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stop-'));
    const written = join(folder, 'written');
    const script = `head -c 50000 /dev/zero; echo done >&2; : >'${written}'; sleep 600`;
    const process = await table.start('id', shell(script), OWNER);
    let bytes = 0;
    const attachment = process.subscribe(
      (event) => (bytes += event.type === 'output' ? event.chunk.length : 0),
    );
    attachment.pause();
    await until(() => existsSync(written));
    await rm(folder, { recursive: true });
    await process.stop({ from: 'kill', by: 'client' });
    await untilClosed(process);
    assert.equal(bytes, 50_005);
  });

  it("stops an interactive shell's jobs, which have groups of their own", async () => {
    const process = await table.start('id', spec(['bash', '--norc', '-i'], { tty: true }), OWNER);
    await process.write(Buffer.from('sleep 91 & echo pid $!; echo rea""dy\n'));
    const text = await untilOutput(process, /ready/);
    const pid = Number(/pid (\d+)/.exec(text)?.[1]);
    assert.ok(lives(pid));
    assert.deepEqual(await process.stop({ from: 'terminate', graceMs: 8000, by: 'person' }), []);
    assert.equal(process.exitCode, 129, 'the shell heeds the hang-up, and is not killed');
    assert.ok(!lives(pid));
  });

  (linux ? it : it.skip)('interrupts the command in the foreground of a shell, not the shell', async () => {
    const process = await table.start('id', spec(['bash', '--norc', '-i'], { tty: true }), OWNER);
    await process.write(Buffer.from('echo go""ing; sleep 92; echo after=$?\n'));
    await untilOutput(process, /going/);
    await sleep(100);
    await process.interrupt();
    // What is typed while the shell comes back to its prompt may be lost with the interrupt.
    await untilOutput(process, /going[^]*[#$] /);
    await sleep(100);
    await process.write(Buffer.from('echo code=$?\n'));
    await untilOutput(process, /code=130/);
    assert.equal(process.exitCode, null);
    await process.stop({ from: 'kill', by: 'person' });
  });

  it('after the exit a client stops nothing, a person what is left', async () => {
    const [process, pids] = await started(`(${DEAF}) & echo pid $!; sleep 0.1; exit 0`);
    await until(() => process.exitCode !== null);
    assert.equal(process.closed, false);
    assert.deepEqual(await process.stop({ from: 'kill', by: 'client' }), []);
    assert.ok(pids.every(lives));
    assert.deepEqual(await process.stop({ from: 'kill', by: 'person' }), []);
    await untilClosed(process);
    assert.deepEqual(pids.filter(lives), []);
    assert.equal(process.state, 'exited');
    assert.deepEqual(await process.stop({ from: 'kill', by: 'person' }), []);
  });

  it('takes a stop from several at once', async () => {
    const [process] = await started(DEAF);
    const stops = [
      process.stop({ from: 'terminate', graceMs: 50, by: 'person' }),
      process.stop({ from: 'kill', by: 'client' }),
    ];
    assert.deepEqual(await Promise.all(stops), [[], []]);
    assert.equal(process.stoppedBy, 'person');
  });
});
