import assert from 'node:assert/strict';
import fs, { statSync, type StatSyncOptions } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { mock } from 'node:test';
import { checkedLibc } from '../../../../src/process/native/checkedLibc';
import { findCachedLookup, versionOf } from '../../../../src/process/native/cachedLookup';
import { ProcessTable } from '../../../../src/process/processTable';
import { eventually, OWNER, spec, untilClosed } from '../helpers';

const isLinux = process.platform === 'linux';

(isLinux ? describe : describe.skip)('the disks that a start asks', () => {
  const table = new ProcessTable();
  after(() => table.shutdown());

  it('are none, for a program of the system’s own disk that was started before', async function () {
    const native = checkedLibc();
    const lookup = 'libc' in native ? findCachedLookup(native.libc) : undefined;
    const start = async (): Promise<unknown> =>
      untilClosed(await table.start('p', spec(['sh', '-c', ':'], { cwd: '/' }), OWNER));
    await start();
    if (lookup?.versionOnRoot('/') === undefined) {
      if (this.test) this.test.title += ' [skipped: this system knows no paths by heart]';
      return this.skip();
    }
    const asked = (['stat', 'access', 'open'] as const).map((name) => mock.method(fs, name));
    syncBuiltinESMExports();
    try {
      // While something is mounted anywhere, the system knows nothing by heart.
      await eventually(async () => {
        asked.forEach((method) => method.mock.resetCalls());
        await start();
        return asked.every((method) => method.mock.callCount() === 0);
      });
    } finally {
      mock.restoreAll();
      syncBuiltinESMExports();
    }
  });

  it('are those of everything else: the system says by heart what is on its own disk only', () => {
    const native = checkedLibc();
    assert.ok('libc' in native);
    const lookup = findCachedLookup(native.libc);
    assert.equal(lookup.versionOnRoot('/proc/self/status'), undefined);
    assert.equal(lookup.versionOnRoot('/no/such'), undefined);
    const options: StatSyncOptions & { bigint: true } = { bigint: true };
    const { ino, mtimeNs, size } = statSync('/', options);
    assert.ok([undefined, versionOf(ino, mtimeNs, size)].includes(lookup.versionOnRoot('/')));
  });
});
