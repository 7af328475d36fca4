import assert from 'node:assert/strict';
import { both, ours } from './cases.js';
import type { Json } from './client.js';
import { uri } from './session.js';

const sandbox = (permissions: Json): Json => ({
  permissions,
  cwd: 'file:///',
  workspaceRoots: ['file:///'],
  windowsSandboxLevel: 'disabled',
  windowsSandboxProxySettingsMode: 'reconcile',
  useLegacyLandlock: false,
});

describe('sandboxes', () => {
  both('sandbox: an unknown or broken kind of sandbox is refused too', async (t) => {
    const session = await t.session();
    for (const bad of [sandbox({ type: 'new-kind' }), sandbox({}), {}, { permissions: null }])
      await assert.rejects(session.sh('true', { sandbox: bad }));
  });

  both('sandbox: fs/* with permissions "disabled" behaves as without a sandbox', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    const none = sandbox({ type: 'disabled' });
    await client.call('fs/writeFile', { path: uri(`${dir}/x`), dataBase64: 'eA==', sandbox: none });
    const read = await client.call('fs/readFile', { path: uri(`${dir}/x`), sandbox: null });
    assert.deepEqual(read, { dataBase64: 'eA==' });
  });

  both('sandbox: permissions "disabled" and "external" start a process as without a sandbox', async (t) => {
    const session = await t.session();
    for (const permissions of [{ type: 'disabled' }, { type: 'external', network: 'enabled' }])
      assert.equal(await session.text('echo ran', { sandbox: sandbox(permissions) }), 'ran');
  });

  both('sandbox: enforceManagedNetwork without a sandbox has no visible effect', async (t) => {
    const session = await t.session();
    assert.equal(await session.text('echo ran', { enforceManagedNetwork: true }), 'ran');
  });

  ours(
    'sandbox: networkProxy is refused',
    async (t) => {
      const session = await t.session();
      await assert.rejects(session.sh('true', { networkProxy: { environmentId: 'x' } }), /network/i);
    },
    'the reference has such a proxy',
  );

  both('output: without a sandbox, sandboxDenied is false even when a command fails', async (t) => {
    const session = await t.session();
    const proc = await session.run('echo "Operation not permitted" >&2; exit 1');
    assert.equal((await proc.exited()).params['sandboxDenied'], false);
    assert.equal((await proc.read())['sandboxDenied'], false);
  });
});
