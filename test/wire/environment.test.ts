import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { both } from './cases.js';

describe('ch 11: the environment', () => {
  both('ch 11: environment/info names a shell that exists', async (t) => {
    const { client } = await t.session();
    const { shell } = (await client.call('environment/info')) as { shell: { name: string; path: string } };
    assert.ok(['bash', 'zsh', 'sh', 'powershell', 'cmd'].includes(shell.name), shell.name);
    await access(shell.path);
  });

  both('ch 11: the shell can run a login command', async (t) => {
    const session = await t.session();
    const info = session.initialized['environmentInfo'] as { shell: { path: string } };
    const proc = await session.start([info.shell.path, '-lc', 'echo hi; exit 3']);
    await proc.closed();
    assert.equal(proc.exitCode, 3);
    assert.match(proc.text('stdout'), /hi\n$/);
  });

  both(
    'ch 11: cwd, userHomeDir and tempDir are file URIs of folders, platformOs and version are texts',
    async (t) => {
      const { client } = await t.session();
      const info = await client.call('environment/info');
      for (const name of ['cwd', 'userHomeDir', 'tempDir']) await access(fileURLToPath(String(info[name])));
      assert.equal(info['platformOs'], 'linux');
      assert.match(String(info['executorVersion']), /^\d+\.\d+\.\d+/);
    },
  );

  for (const method of ['environment/info', 'environment/status']) {
    both(`ch 11: ${method} takes absent, null and {} as params, anything else is -32602`, async (t) => {
      const { client } = await t.session();
      const expected = await client.call(method);
      for (const params of [null, {}]) assert.deepEqual(await client.call(method, params), expected);
      for (const params of [7, 'x', true]) assert.equal((await client.fails(method, params)).code, -32602);
    });
  }

  both('ch 11: environment/status is ready', async (t) => {
    const { client } = await t.session();
    assert.deepEqual(await client.call('environment/status'), { status: 'ready' });
  });
});
