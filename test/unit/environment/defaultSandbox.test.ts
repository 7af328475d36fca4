import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LocalHostBackend } from '../../../src/environment/localHostBackend';
import type { SandboxPolicy } from '../../../src/model';
import { ProcessTable, type ManagedProcess } from '../../../src/process';
import { requestOfPolicy } from '../../../src/sandbox';
import { linux, OWNER, untilClosed } from '../process/helpers';
import { workspace } from '../process/sandbox/support';
import { noBwrap } from '../sandbox/linux/bwrap';

describe('a policy for commands that ask for none', () => {
  before(function () {
    const why = linux ? noBwrap() : 'not on this system';
    if (why === undefined) return;
    console.log(`      skipped: ${why}`);
    this.skip();
  });
  const { path: folder, remove } = workspace();
  const table = new ProcessTable();
  let policy: SandboxPolicy | undefined;
  const backend = new LocalHostBackend(
    table,
    () => ({}),
    () => policy,
  );
  after(async () => {
    await table.shutdown();
    remove();
  });

  let starts = 0;
  const touch = async (name: string, more: object = {}): Promise<ManagedProcess> => {
    const params = { argv: ['/bin/sh', '-c', `touch '${name}'`], cwd: folder, env: {}, tty: false };
    const own = { processId: `p${++starts}`, pipeStdin: false, owner: OWNER, ...params };
    const process = await backend.start({ ...own, ...more });
    await untilClosed(process);
    return process;
  };
  const isThere = (name: string): boolean => existsSync(join(folder, name));

  it('is asked for at each start, and keeps them from writing', async () => {
    assert.equal((await touch('before')).exitCode, 0);
    policy = { mode: 'read-only' };
    const kept = await touch('made');
    assert.equal(kept.sandboxDenied, true);
    assert.deepEqual([isThere('before'), isThere('made')], [true, false]);
    policy = undefined;
    assert.equal((await touch('after')).exitCode, 0);
  });

  it('is also for those that ask for a sandbox without a restriction, and not for those with one or for a person', async () => {
    policy = { mode: 'read-only' };
    await touch('all', { sandbox: { files: 'all', network: true } });
    await touch('own', {
      sandbox: requestOfPolicy({ mode: 'workspace-write', workspaceRoots: [folder] }),
    });
    await touch('person', { isForPerson: true });
    assert.deepEqual([isThere('all'), isThere('own'), isThere('person')], [false, true, true]);
  });

  it('a request without a restriction needs no sandbox where nobody else asks for one', async () => {
    const sandbox = { files: 'all', network: true };
    policy = { mode: 'read-only' };
    assert.equal((await touch('of a person', { sandbox, isForPerson: true })).sandboxType, undefined);
    policy = undefined;
    assert.equal((await touch('of nobody', { sandbox })).sandboxType, undefined);
  });
});
