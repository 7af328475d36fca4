import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { both, ours } from './cases.js';
import type { Json } from './client.js';
import { startParams, uri } from './session.js';

const sandbox = (permissions: Json): Json => ({
  permissions,
  cwd: 'file:///',
  workspaceRoots: ['file:///'],
  windowsSandboxLevel: 'disabled',
  windowsSandboxProxySettingsMode: 'reconcile',
  useLegacyLandlock: false,
});

const restricted = sandbox({
  type: 'managed',
  file_system: {
    type: 'restricted',
    entries: [{ path: { type: 'special', value: { kind: 'root' } }, access: 'read' }],
  },
  network: 'restricted',
});

const WALK = { maxDepth: 1, maxDirectories: 1, maxEntries: 1, followDirectorySymlinks: false };

describe('ch 5.4: sandboxes', () => {
  ours(
    'ch 5.4: a start that asks for a restriction is refused in words, and never runs',
    async (t) => {
      const session = await t.session();
      const dir = await t.dir();
      for (const tty of [false, true]) {
        const params = startParams(['/bin/sh', '-c', `echo ran > ${dir}/ran`], { sandbox: restricted, tty });
        const { code, message } = await session.client.fails('process/start', params);
        assert.ok(code === -32600 || code === -32602 || code === -32603, String(code));
        assert.match(message, /sandbox/i);
        assert.match(message, /danger-full-access/);
        const again = await session.run('true', { processId: params['processId'] });
        assert.equal(again.exitCode, 0);
      }
      assert.equal(existsSync(`${dir}/ran`), false);
    },
    'the reference has a sandbox',
  );

  ours(
    'ch 5.4: fs/* that asks for a restriction is refused, and changes nothing',
    async (t) => {
      const { client } = await t.session();
      const dir = await t.dir();
      const path = uri(`${dir}/x`);
      const calls: [string, Json][] = [
        ['fs/writeFile', { path, dataBase64: '' }],
        ['fs/createDirectory', { path, recursive: true }],
        ['fs/remove', { path: uri(dir), recursive: true, force: true }],
        ['fs/readFile', { path }],
        ['fs/getMetadata', { path }],
        ['fs/canonicalize', { path: uri(dir) }],
        ['fs/readDirectory', { path: uri(dir) }],
        ['fs/walk', { path: uri(dir), options: WALK }],
        ['fs/copy', { sourcePath: uri(dir), destinationPath: path, recursive: true }],
        ['fs/open', { handleId: 'h', path, mode: 'replace' }],
        ['fs/watchMissing', { watchId: 1, missing: [path] }],
      ];
      for (const [method, params] of calls)
        assert.match(
          (await client.fails(method, { ...params, sandbox: restricted })).message,
          /sandbox/i,
          method,
        );
      assert.equal(existsSync(dir), true);
      assert.equal(existsSync(`${dir}/x`), false);
    },
    'the reference has a sandbox',
  );

  both('ch 5.4: an unknown or broken kind of sandbox is refused too', async (t) => {
    const session = await t.session();
    for (const bad of [sandbox({ type: 'new-kind' }), sandbox({}), {}, { permissions: null }])
      await assert.rejects(session.sh('true', { sandbox: bad }));
  });

  both('ch 5.4: fs/* with permissions "disabled" behaves as without a sandbox', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    const none = sandbox({ type: 'disabled' });
    await client.call('fs/writeFile', { path: uri(`${dir}/x`), dataBase64: 'eA==', sandbox: none });
    const read = await client.call('fs/readFile', { path: uri(`${dir}/x`), sandbox: null });
    assert.deepEqual(read, { dataBase64: 'eA==' });
  });

  both('ch 5.4: permissions "disabled" and "external" start a process as without a sandbox', async (t) => {
    const session = await t.session();
    for (const permissions of [{ type: 'disabled' }, { type: 'external', network: 'enabled' }])
      assert.equal(await session.text('echo ran', { sandbox: sandbox(permissions) }), 'ran');
  });

  both('ch 5.4: enforceManagedNetwork without a sandbox has no visible effect', async (t) => {
    const session = await t.session();
    assert.equal(await session.text('echo ran', { enforceManagedNetwork: true }), 'ran');
  });

  ours(
    'ch 5.4: networkProxy is refused',
    async (t) => {
      const session = await t.session();
      await assert.rejects(session.sh('true', { networkProxy: { environmentId: 'x' } }), /network/i);
    },
    'the reference has such a proxy',
  );

  both('ch 6: without a sandbox, sandboxDenied is false even when a command fails', async (t) => {
    const session = await t.session();
    const proc = await session.run('echo "Operation not permitted" >&2; exit 1');
    assert.equal((await proc.exited()).params['sandboxDenied'], false);
    assert.equal((await proc.read())['sandboxDenied'], false);
  });
});
