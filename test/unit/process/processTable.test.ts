import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProcessTable } from '../../../src/process/processTable';
import { SpawnError, LimitError } from '../../../src/process/errors';
import { lives, OWNER, posix, run, shell, spec, until, untilClosed, untilOutput } from './helpers';

const SLEEP = spec(['sleep', '60']);

(posix ? describe : describe.skip)('ProcessTable', () => {
  let table = new ProcessTable();
  beforeEach(() => (table = new ProcessTable()));
  afterEach(() => table.shutdown({ graceMs: 100 }));

  it('lists, tells changes, and finds by key', async () => {
    const told: string[] = [];
    for (const name of ['added', 'changed', 'removed'] as const) {
      table.on(name, ({ state, closed }) => told.push(`${name} ${state}${closed ? ' closed' : ''}`));
    }
    const { process } = await run(table, shell('exit 1'));
    assert.deepEqual(table.list(), [process]);
    assert.equal(table.get(process.id), process);
    assert.equal(told[0], 'added running');
    assert.equal(told.at(-1), 'changed exited closed');
    assert.equal(process.clientProcessId, 'id');
    assert.equal(process.owner, OWNER);
    table.clearFinished();
    assert.equal(told.at(-1), 'removed exited closed');
    assert.deepEqual(table.list(), []);
    assert.equal((await process.read()).exitCode, 1);
  });

  it('bounds running processes by an error that names the limit', async () => {
    table.configure({ maxProcesses: 2 });
    const starts = await Promise.allSettled([1, 2, 3].map(() => table.start('id', SLEEP, OWNER)));
    const refused = starts.filter((start) => start.status === 'rejected');
    assert.equal(refused.length, 1);
    assert.ok(refused[0]?.reason instanceof LimitError);
    assert.match(refused[0].reason.message, /2 processes.*maxProcesses.*raise/);
    const running = table.list().find(({ state }) => state === 'running');
    await running?.stop({ from: 'kill', by: 'person' });
    await table.start('id', SLEEP, OWNER);
    table.configure({ maxProcesses: 3 });
    await table.start('id', SLEEP, OWNER);
  });

  it('keeps the newest finished rows and never drops a running one', async () => {
    table.configure({ maxFinished: 3 });
    const long = await table.start('long', SLEEP, OWNER);
    const done = [];
    for (let i = 0; i < 5; i++) done.push((await run(table, spec(['true']))).process);
    assert.deepEqual(table.list(), [long, ...done.slice(2)]);
    table.configure({ maxFinished: 1 });
    assert.deepEqual(table.list(), [long, done[4]]);
    table.clearFinished();
    assert.deepEqual(table.list(), [long]);
  });

  it('applies retained bytes to running processes at once', async () => {
    const process = await table.start('id', shell('head -c 500000 /dev/zero; sleep 9'), OWNER);
    await until(() => process.totalBytes === 500_000);
    assert.equal((await process.read()).droppedBytes, 0);
    table.configure({ retainedBytesPerProcess: 70_000 });
    assert.ok(process.droppedBytes >= 430_000);
    const { chunks, droppedBytes } = await process.read();
    assert.equal(droppedBytes, process.droppedBytes);
    assert.equal(chunks.reduce((sum, { chunk }) => sum + chunk.length, 0) + droppedBytes, 500_000);
  });

  it('retains no more than the total over all', async () => {
    table.configure({ retainedBytesTotal: 300_000 });
    const processes = [];
    for (let i = 0; i < 4; i++) processes.push((await run(table, shell('head -c 200000 /dev/zero'))).process);
    const retained = processes.map(({ totalBytes, droppedBytes }) => totalBytes - droppedBytes);
    assert.ok(retained.reduce((a, b) => a + b) <= 300_000);
    assert.equal(retained[3], 200_000);
    assert.equal(retained[0], 0);
  });

  describe('read', () => {
    it('waits for output, then for the exit, then for the close, without polling', async () => {
      const process = await table.start(
        'id',
        shell('sleep 0.2; echo x; sleep 0.2; (sleep 0.3) & exit 6'),
        OWNER,
      );
      assert.deepEqual((await process.read({ waitMs: 20 })).chunks, []);
      // Longer than the test may take: only news can end such a read.
      const waitMs = 2 ** 40;
      const first = await process.read({ waitMs });
      assert.equal(first.chunks.length, 1);
      const second = await process.read({ afterSeq: first.nextSeq - 1, waitMs });
      assert.deepEqual([second.exited, second.exitCode, second.closed], [true, 6, false]);
      const third = await process.read({ afterSeq: second.nextSeq - 1, waitMs });
      assert.equal(third.closed, true);
      assert.equal((await process.read({ afterSeq: 99, waitMs })).closed, true);
    });

    it('is ended by a signal, and leaves nothing behind', async () => {
      const process = await table.start('id', SLEEP, OWNER);
      const controller = new AbortController();
      const read = process.read({ waitMs: 60_000, signal: controller.signal });
      controller.abort(new Error('stop waiting'));
      await assert.rejects(read, /stop waiting/);
      await assert.rejects(process.read({ signal: controller.signal }), /stop waiting/);
    });
  });

  it('wakes listeners at every event until they stop', async () => {
    const process = await table.start('id', shell('read x; echo y; read x', { pipeStdin: true }), OWNER);
    let woken = 0;
    const stop = process.subscribeWake(() => woken++);
    await process.write(Buffer.from('\n'));
    await until(() => woken === 1);
    stop();
    await process.write(Buffer.from('\n'));
    await untilClosed(process);
    assert.equal(woken, 1);
  });

  it('shuts down after the grace, deaf children included, and starts nothing new', async () => {
    const pids: number[] = [];
    for (let i = 0; i < 20; i++) {
      const process = await table.start(
        'id',
        shell('trap "" TERM HUP; echo on; while :; do sleep 0.1; done', { tty: i % 2 === 0 }),
        OWNER,
      );
      await untilOutput(process, /on/);
      pids.push(process.pid!);
    }
    const late = table.start('id', SLEEP, OWNER);
    const done = table.shutdown({ graceMs: 300 });
    await assert.rejects(table.start('id', SLEEP, OWNER), SpawnError);
    await late.catch(() => undefined);
    assert.deepEqual(await done, []);
    assert.deepEqual(pids.filter(lives), []);
    assert.ok(table.list().every(({ closed }) => closed));
    assert.ok(table.list().every(({ stoppedBy }) => stoppedBy === 'shutdown'));
  });

  it('starts again after a shutdown that reopens', async () => {
    await run(table, spec(['true']));
    await table.shutdown({ reopen: true });
    assert.equal((await run(table, spec(['true']))).process.exitCode, 0);
  });

  it('kills what is left of a group when asked, and nothing that went its own way', async () => {
    const script = (command: string): string => `${command} >/dev/null 2>&1 & echo pid $!`;
    const pidOf = (text: string): number => Number(/pid (\d+)/.exec(text)?.[1]);
    const daemon = await run(table, shell(script('nohup sleep 93')));
    const away = await run(table, shell(script('setsid sleep 94')));
    await sleep(100);
    assert.ok(lives(pidOf(daemon.text())));
    table.killLingering(daemon.process);
    table.killLingering(away.process);
    await until(() => !lives(pidOf(daemon.text())));
    assert.ok(lives(pidOf(away.text())));
    process.kill(pidOf(away.text()), 'SIGKILL');
    table.killLingering(daemon.process);
  });

  it('kills left-over groups at shutdown', async () => {
    const { text } = await run(table, shell('sleep 95 >/dev/null 2>&1 & echo pid $!'));
    const pid = Number(/pid (\d+)/.exec(text())?.[1]);
    assert.ok(lives(pid));
    await table.shutdown();
    await until(() => !lives(pid));
  });

  it('kills everything in one turn at the very end', async () => {
    const process = await table.start('id', shell('setsid sleep 96 & echo pid $!; sleep 97'), OWNER);
    const text = await untilOutput(process, /pid \d+\n/);
    await sleep(50);
    table.killAllNow();
    await untilClosed(process);
    await until(() => !lives(Number(/pid (\d+)/.exec(text)?.[1])));
    await assert.rejects(table.start('id', SLEEP, OWNER), SpawnError);
  });
});
