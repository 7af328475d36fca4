import assert from 'node:assert/strict';
import { lookAt } from '../../../src/process/members';
import { parseSockets } from '../../../src/process/observe/listening';
import { parseUsage } from '../../../src/process/observe/usage';
import { ProcessTable } from '../../../src/process/processTable';
import { eventually, linux, OWNER, shell, spec, until, untilOutput } from './helpers';

/** What the system counts processor time in, in ms. */
const TICK_MS = 10;
/** So many times what the one that sleeps has used to start is soon used by one that computes. */
const TIMES = 10;

describe('what a process and all that came of it use', () => {
  const table = new ProcessTable();
  before(function () {
    if (!linux) this.skip();
  });
  afterEach(() => table.shutdown({ graceMs: 10, reopen: true }));

  it('each member with its pid, command, time and memory, the leader first, daemons too', async () => {
    const row = await table.start(
      'id',
      shell("setsid sh -c 'echo pid $$; exec sleep 311' & while :; do :; done"),
      OWNER,
    );
    const daemon = Number(/pid (\d+)/.exec(await untilOutput(row, /pid \d+\n/))?.[1]);
    let { members: before } = await lookAt(row);
    // It says its number before it becomes the sleep.
    while (before[1]?.command !== 'sleep 311') ({ members: before } = await lookAt(row));
    assert.deepEqual(
      before.map(({ pid }) => pid),
      [row.pid, daemon],
    );
    assert.ok((before[0]?.usage?.memoryBytes ?? 0) > 100_000);
    await eventually(async () => {
      const [computing = 0, asleep = Infinity] = (await lookAt(row)).members.map(({ usage }) => usage!.cpuMs);
      return computing > TIMES * (asleep + TICK_MS);
    });
  });

  it('the ports that it listens on, and who can reach them', async () => {
    const script = `for (const host of ['127.0.0.1', '0.0.0.0', '::1'])
      require('net').createServer().listen(0, host, function () { console.log(host, this.address().port); })`;
    const row = await table.start('id', spec([process.execPath, '-e', script]), OWNER);
    const text = await untilOutput(row, /(?:.* \d+\n){3}/);
    const ports = Array.from(text.matchAll(/^(\S+) (\d+)$/gm), ([, host, port]) => ({
      port: Number(port),
      isOpenToOthers: host === '0.0.0.0',
    }));
    assert.deepEqual(
      (await lookAt(row, { ports: true })).ports,
      ports.sort((a, b) => a.port - b.port),
    );
  });

  it('a signal reaches the one that is meant, and no one that is not of the tree', async () => {
    const row = await table.start(
      'id',
      shell(`trap 'echo got usr1' USR1; echo up; while :; do sleep 0.05; done`),
      OWNER,
    );
    await untilOutput(row, /up/);
    assert.equal(await row.sendSignal('SIGUSR1', process.pid), false);
    assert.equal(await row.sendSignal('SIGUSR1', row.pid!), true);
    await untilOutput(row, /got usr1/);
    assert.equal(await row.sendSignal('SIGSTOP'), true);
    const { totalBytes } = row;
    await until(() => false, 200).catch(() => undefined);
    assert.equal(row.totalBytes, totalBytes);
    assert.equal(await row.sendSignal('SIGCONT'), true);
    await row.sendSignal('SIGUSR1', row.pid!);
    await until(() => row.totalBytes > totalBytes);
  });

  it('reads what other systems tell', () => {
    assert.deepEqual(
      [...parseUsage('  7  1024  1-02:03:04\n 12 2048 0:01.50\n')],
      [
        [7, { cpuMs: 93_784_000, memoryBytes: 1_048_576 }],
        [12, { cpuMs: 1500, memoryBytes: 2_097_152 }],
      ],
    );
    const head = '  sl  local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode\n';
    const line = '0: 0100007F:0BB8 00000000:0000 0A 0:0 0:0 0 0 0 4711 1\n';
    assert.deepEqual(parseSockets(head + line, new Set(['4711'])), [
      { address: '0100007F', port: 3000, isOpenToOthers: false },
    ]);
    assert.deepEqual(parseSockets(head + line, new Set(['1'])), []);
  });
});
