import assert from 'node:assert/strict';
import { hostEnvironment, LocalHostBackend } from '../../../src/environment';
import type { ManagedProcess } from '../../../src/process/managedProcess';
import { ProcessTable } from '../../../src/process/processTable';
import { serveInProcess } from '../../../src/server';
import { describeEnvironment } from '../../../src/server';
import { ExecServerClient } from '../../../src/client';
import { OWNER, spec, until } from './helpers';

describe('a start that came to nothing', () => {
  const table = new ProcessTable({ maxProcesses: 1 });
  const only = (): ManagedProcess => {
    const [row, ...others] = table.list();
    assert.ok(row && others.length === 0);
    return row;
  };
  afterEach(async () => {
    await table.shutdown({ graceMs: 10, reopen: true });
    table.clearFinished();
    assert.deepEqual(table.list(), []);
  });

  it('is a row that has ended, with the system’s words', async () => {
    await assert.rejects(table.start('id', spec(['/no/such/program', 'x']), OWNER));
    const row = only();
    await until(() => row.closed);
    assert.deepEqual(row.noStart, { why: 'failed', reason: 'No such file or directory (os error 2)' });
    assert.deepEqual([row.state, row.pid, row.exitCode, row.environmentId], ['unstarted', null, null, null]);
    assert.deepEqual(row.spec.argv, ['/no/such/program', 'x']);
    assert.equal(table.runningCount, 0);
    assert.deepEqual(await row.stop({ from: 'kill', by: 'person' }), []);
  });

  it('is one too beyond the bound on processes', async () => {
    const process = await table.start('one', spec(['sleep', '60']), OWNER);
    await assert.rejects(table.start('two', spec(['true']), OWNER), /maxProcesses/);
    const row = table.list().find((one) => one !== process);
    assert.match(row?.noStart?.reason ?? '', /1 processes are running, which is the limit/);
  });

  it('is one of its environment where another machine refuses', async () => {
    const refuse = () => Promise.reject(new Error('not today'));
    await assert.rejects(table.adopt('id', spec(['make']), OWNER, 'box', refuse), /not today/);
    assert.deepEqual([only().environmentId, only().noStart?.reason], ['box', 'not today']);
  });

  it('is none for what is refused because the table ends', async () => {
    await table.shutdown();
    await assert.rejects(table.start('id', spec(['true']), OWNER), /shutting down/);
    assert.deepEqual(table.list(), []);
  });

  for (const [why, asked, reason] of [
    [
      'sandbox',
      { sandbox: { permissions: { type: 'restricted' } } },
      /sandbox refused at `permissions.type`.*Nothing was run/,
    ],
    ['network', { networkProxy: {} }, /this exec-server has none/],
  ] as const) {
    it(`is one of its client when the server refuses a ${why}`, async () => {
      const server = serveInProcess({
        backend: new LocalHostBackend(table, () => hostEnvironment(process.env)),
        environmentInfo: () =>
          describeEnvironment({
            executorVersion: 'test',
            surroundings: { shell: { name: 'sh', path: '/bin/sh' }, tempDir: '/tmp' },
          }),
        log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      });
      const client = await ExecServerClient.connect(server, { clientName: 'Asker' });
      const params = { processId: 'p', argv: ['make'], cwd: 'file:///tmp', env: {}, tty: false, ...asked };
      await assert.rejects(client.request('process/start', params), reason);
      const row = only();
      assert.equal(row.noStart?.why, why);
      assert.match(row.noStart.reason, reason);
      assert.deepEqual([row.owner.name, row.spec.argv, row.spec.cwd], ['Asker', ['make'], '/tmp']);
      await client[Symbol.asyncDispose]();
      await server.close();
    });
  }
});
