import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Host } from '../../../src/environment/host';
import { lives, OWNER, posix, shell, untilOutput } from '../process/helpers';

describe('a host of processes', () => {
  it('ends at its close all that runs, the deaf too, and starts no more', async function () {
    if (!posix) this.skip();
    const listeners = process.listenerCount('exit');
    const host = new Host();
    assert.equal(process.listenerCount('exit'), listeners + 1);
    const quiet = await host.table.start('quiet', shell('echo up; exec sleep 600'), OWNER);
    const deaf = await host.table.start(
      'deaf',
      shell('trap "" INT TERM HUP; echo up; while :; do sleep 0.05; done'),
      OWNER,
    );
    for (const each of [quiet, deaf]) await untilOutput(each, /up/);
    assert.deepEqual(await host.close({ graceMs: 50 }), []);
    assert.deepEqual(
      [quiet, deaf].filter(({ pid }) => lives(pid!)),
      [],
    );
    await assert.rejects(host.table.start('late', shell('true'), OWNER));
    assert.equal(process.listenerCount('exit'), listeners, 'nothing is left to do at the exit');
  });

  it('says so where nothing sees to what a crash would leave behind', () => {
    const script = `globalThis.EXEC_SERVER_SWEEPER = './no-sweeper.js';
      const { Host } = require(${JSON.stringify(fileURLToPath(new URL('../../../src/environment/host.ts', import.meta.url)))});
      new Host().close();`;
    const { stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', '-e', script], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /Processes may stay behind if this program crashes: there is no .*no-sweeper\.js/);
  });
});
