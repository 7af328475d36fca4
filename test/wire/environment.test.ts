import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { both, ours, type Case } from './cases.js';
import { uri, type Session } from './session.js';

describe('the environment', () => {
  both('environment: environment/info names a shell that exists', async (t) => {
    const { client } = await t.session();
    const { shell } = (await client.call('environment/info')) as { shell: { name: string; path: string } };
    assert.ok(['bash', 'zsh', 'sh', 'powershell', 'cmd'].includes(shell.name), shell.name);
    await access(shell.path);
  });

  both('environment: the shell can run a login command', async (t) => {
    const session = await t.session();
    const info = session.initialized['environmentInfo'] as { shell: { path: string } };
    const proc = await session.start([info.shell.path, '-lc', 'echo hi; exit 3']);
    await proc.closed();
    assert.equal(proc.exitCode, 3);
    assert.match(proc.text('stdout'), /hi\n$/);
  });

  both(
    'environment: cwd, userHomeDir and tempDir are file URIs of folders, platformOs and version are texts',
    async (t) => {
      const { client } = await t.session();
      const info = await client.call('environment/info');
      for (const name of ['cwd', 'userHomeDir', 'tempDir']) await access(fileURLToPath(String(info[name])));
      assert.equal(info['platformOs'], 'linux');
      assert.match(String(info['executorVersion']), /^\d+\.\d+\.\d+/);
    },
  );

  /** The server's own folder, environment and start are those of a shell line that ends in `exec`. */
  const startedBy = async (t: Case, line: string): Promise<Session> =>
    t.session(await t.ownServer([], ['/bin/sh', '-c', line, 'sh']));

  both('environment: a folder whose name is no UTF-8 is told so that it can be used', async (t) => {
    const dir = await t.dir();
    const name = "$(printf 'caf\\351')";
    const session = await startedBy(t, `mkdir "${dir}/${name}" && cd "${dir}/${name}" && exec "$@"`);
    const { cwd } = session.initialized['environmentInfo'] as { cwd: string };
    assert.equal(cwd, `${uri(dir)}/caf%E9`);
    const proc = await session.start(['/bin/pwd'], { cwd });
    await proc.closed();
    assert.equal(proc.exitCode, 0);
  });

  ours(
    'environment: folders that cannot be used are not told: relative, gone, or of nobody',
    async (t) => {
      const dir = await t.dir();
      const gone = `mkdir ${dir}/gone && cd ${dir}/gone && rmdir ../gone`;
      for (const line of [
        `${gone} && TMPDIR=relative exec "$@"`,
        `HOME=relative TMPDIR=${dir}/gone exec "$@"`,
        `mkdir ${dir}/there && cd ${dir} && HOME=there TMPDIR=there exec "$@"`,
      ]) {
        const session = await startedBy(t, line);
        const info = session.initialized['environmentInfo'] as Record<string, string>;
        for (const name of ['cwd', 'userHomeDir', 'tempDir']) {
          assert.match(info[name] ?? '', /^file:\/\/\//, name);
          await access(fileURLToPath(info[name] ?? ''));
        }
        const proc = await session.start(['/bin/pwd'], { cwd: info['cwd'] });
        await proc.closed();
        assert.equal(proc.exitCode, 0);
      }
    },
    'the reference tells what its environment says',
  );

  both(
    'environment: a user without an entry in the system’s list, and without HOME, is served',
    async (t) => {
      const nobody = ['unshare', '--user', '--map-user=54321', '--map-group=54321'];
      if (spawnSync('unshare', [...nobody.slice(1), 'true']).status !== 0) t.skip('needs a user namespace');
      const session = await startedBy(t, `unset HOME && exec ${nobody.join(' ')} "$@"`);
      const proc = await session.start(['/usr/bin/id', '-u']);
      await proc.closed();
      assert.equal(proc.text(), '54321\n');
    },
  );

  for (const method of ['environment/info', 'environment/status']) {
    both(`environment: ${method} takes absent, null and {} as params, anything else is -32602`, async (t) => {
      const { client } = await t.session();
      const expected = await client.call(method);
      for (const params of [null, {}]) assert.deepEqual(await client.call(method, params), expected);
      for (const params of [7, 'x', true]) assert.equal((await client.fails(method, params)).code, -32602);
    });
  }

  both('environment: environment/status is ready', async (t) => {
    const { client } = await t.session();
    assert.deepEqual(await client.call('environment/status'), { status: 'ready' });
  });
});
