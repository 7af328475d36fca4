import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { driver, eventually, needsDriver } from '../host/driver';
import { api, cleanUp, exited, output, ready, rowWith, stateOf, withSetting } from './support';

describe('commands in a sandbox', () => {
  let folder = '';

  before(async function () {
    if (process.platform !== 'linux') {
      console.log('      skipped: sandboxes are made on Linux');
      this.skip();
    }
    await ready();
  });
  beforeEach(() => {
    // Outside of the folders for temporary files, in which every sandbox may write.
    folder = realpathSync(mkdtempSync('/var/tmp/editor-sandbox-'));
  });
  afterEach(async () => {
    await cleanUp();
    rmSync(folder, { recursive: true, force: true });
  });

  const sh = (script: string, more: object = {}) =>
    api.start({ argv: ['/bin/sh', '-c', script], cwd: folder, clientName: 'Boxed', ...more });
  const status = async (processId: string): Promise<number | null | undefined> => {
    await exited(processId);
    return (await api.list()).find((row) => row.processId === processId)?.exitCode;
  };

  it('have rows that say what they may do, and a tooltip that says what was denied', async function () {
    needsDriver(this);
    await driver.openView('Exec Server');
    const sandbox = { mode: 'workspace-write', workspaceRoots: [folder] };
    await sh('exec sleep 1041', { sandbox });
    await rowWith('sleep 1041', 'workspace-write · no network');
    const running = await driver.rowTooltip('sleep 1041');
    assert.match(running, /Writes only in/);
    assert.ok(running.includes(folder), running);
    assert.match(running, /No network/);
    await driver.screenshot('sandbox');

    const { processId } = await sh('touch in; echo x > /var/tmp/editor-sandbox-out', { sandbox });
    assert.notEqual(await status(processId), 0);
    assert.match(await output(processId), /Read-only file system/);
    assert.ok(existsSync(join(folder, 'in')));
    await rowWith('touch in');
    await eventually(
      async () => /it failed because of its sandbox/.test(await driver.rowTooltip('touch in')),
      'the tooltip of what was denied',
    );
  });

  it('are those of whoever asks for none, where the setting says so, until it is off again', async () => {
    await withSetting('defaultSandbox', 'read-only', async () => {
      const { processId } = await sh('touch made');
      assert.notEqual(await status(processId), 0);
      assert.match(await output(processId), /Read-only file system/);
      assert.ok(!existsSync(join(folder, 'made')));
      const inside = await sh('touch made', {
        sandbox: { mode: 'workspace-write', workspaceRoots: [folder] },
      });
      assert.equal(await status(inside.processId), 0, 'what it asks for itself counts');
    });
    const free = await sh('touch free');
    assert.equal(await status(free.processId), 0);
    assert.equal(await stateOf(free.processId), 'exited');
    assert.ok(existsSync(join(folder, 'free')));
  });
});
