import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { access, symlink, writeFile } from 'node:fs/promises';
import { both, ours } from './cases.js';
import type { Json } from './client.js';
import { startParams, uri } from './session.js';
import { spawnError } from './spawnErrors.js';

const ENOENT = 'No such file or directory (os error 2)';
const EACCES = 'Permission denied (os error 13)';
const ENOTDIR = 'Not a directory (os error 20)';

describe('what cannot be started', () => {
  both('start: an empty argv is -32602, before a duplicate id is looked at', async (t) => {
    const session = await t.session();
    const proc = await session.start(['cat'], { pipeStdin: true });
    const error = await session.client.fails('process/start', startParams([], { processId: proc.id }));
    assert.deepEqual(error, { code: -32602, message: 'argv must not be empty' });
    await proc.terminate();
  });

  both('start: an id in use is -32600, before the program is looked for', async (t) => {
    const session = await t.session();
    const proc = await session.start(['cat'], { pipeStdin: true });
    const again = startParams(['/no/such'], { processId: proc.id });
    const expected = { code: -32600, message: `process ${proc.id} already exists` };
    assert.deepEqual(await session.client.fails('process/start', again), expected);
    await proc.write('still there\n');
    await proc.until('still there');
    await proc.terminate();
    await proc.closed();
    assert.deepEqual(await session.client.fails('process/start', again), expected);
  });

  for (const tty of [false, true]) {
    const how = tty ? 'on a terminal' : 'with pipes';
    both(`start: programs that cannot run ${how} are -32603 with the text of the system`, async (t) => {
      const { client } = await t.session();
      const dir = await t.dir();
      await writeFile(`${dir}/plain`, 'x', { mode: 0o644 });
      await symlink('loop', `${dir}/loop`);
      for (const [program, text] of [
        ['/no/such', ENOENT],
        [`${dir}/loop`, 'Symbolic link loop (os error 40)'],
        [`/${'x'.repeat(300)}`, 'Filename too long (os error 36)'],
        [`${dir}/plain`, EACCES],
        [dir, EACCES],
      ] as const)
        assert.deepEqual(
          await client.fails('process/start', startParams([program], { tty })),
          spawnError(text),
        );
    });

    const onlyPipes: typeof both = tty
      ? (title, body) => ours(title, body, 'the reference starts a terminal in the home folder instead')
      : both;
    onlyPipes(`start: a cwd that is not there, is a file or a loop of links, is -32603 ${how}`, async (t) => {
      const { client } = await t.session();
      const dir = await t.dir();
      await writeFile(`${dir}/plain`, 'x');
      await symlink('loop', `${dir}/loop`);
      for (const [cwd, text] of [
        [`${dir}/gone`, ENOENT],
        [`${dir}/plain`, ENOTDIR],
        [`${dir}/loop`, 'Symbolic link loop (os error 40)'],
      ] as const)
        assert.deepEqual(
          await client.fails('process/start', startParams(['/bin/true'], { tty, cwd: uri(cwd) })),
          spawnError(text),
        );
    });
  }

  both('start: an empty program, and NUL in an argument, are -32603', async (t) => {
    const { client } = await t.session();
    const empty = await client.fails('process/start', startParams(['']));
    assert.deepEqual(empty, spawnError('missing program for pipe spawn'));
    const pty = await client.fails('process/start', startParams([''], { tty: true }));
    assert.deepEqual(pty, spawnError('missing program for PTY spawn'));
    const nul = await client.fails('process/start', startParams(['echo', 'a\0b']));
    assert.equal(nul.code, -32603);
    assert.match(nul.message, /nul byte found in provided data/);
  });

  both('start: a name that is not in PATH is -32603 on a terminal too', async (t) => {
    const { client } = await t.session();
    const params = startParams(['no-such-prog'], { tty: true, env: { PATH: '/nowhere' } });
    const { code, message } = await client.fails('process/start', params);
    assert.equal(code, -32603);
    assert.match(
      message,
      /Unable to spawn no-such-prog because:\nNo viable candidates found in PATH "\/nowhere"/,
    );
  });

  both(
    'start: of two starts with one id, sent at once, the first runs and the second is refused',
    async (t) => {
      const { client } = await t.session();
      const params = startParams(['/bin/echo', 'once'], { processId: 'same' });
      const [one, two] = [client.post('process/start', params), client.post('process/start', params)];
      assert.equal((await client.settle(one))['processId'], 'same');
      assert.equal((await client.answer(two)).error?.message, 'process same already exists');
      await client.wait('closed', () => client.eventsOf('same').find((e) => e.kind === 'closed'));
      assert.equal(client.eventsOf('same').length, 3);
    },
  );

  both('start: a failed spawn frees the id and sends no notification', async (t) => {
    const session = await t.session();
    const processId = 'once more';
    for (const tty of [false, true])
      assert.equal(
        (await session.client.fails('process/start', startParams(['/no/such'], { processId, tty }))).code,
        -32603,
      );
    const proc = await session.run('echo fine', { processId });
    assert.equal(proc.text(), 'fine\n');
    assert.deepEqual(
      proc.sorted.map((e) => e.seq),
      [1, 2, 3],
    );
  });

  const WRONG: [string, Json][] = [
    ['argv as a string', { argv: 'true' }],
    ['a number in argv', { argv: ['echo', 7] }],
    ['env as null', { env: null }],
    ['a number in env', { env: { A: 1 } }],
    ['tty as a string', { tty: 'yes' }],
    ['tty as null', { tty: null }],
    ['pipeStdin as null', { pipeStdin: null }],
    ['cwd as null', { cwd: null }],
    ['processId as a number', { processId: 7 }],
    ['arg0 as a number', { arg0: 7 }],
    ['envPolicy without its members', { envPolicy: {} }],
    [
      'an unknown inherit',
      { envPolicy: { inherit: 'some', ignoreDefaultExcludes: true, exclude: [], set: {}, includeOnly: [] } },
    ],
    ['sandbox as a string', { sandbox: 'none' }],
  ];
  for (const [what, more] of WRONG) {
    both(`start: ${what} is -32602, and nothing runs`, async (t) => {
      const session = await t.session();
      const params = startParams(['true'], more);
      assert.equal((await session.client.fails('process/start', params)).code, -32602);
      assert.equal(await session.text('echo on'), 'on');
    });
  }

  both('start: a damaged program is -32603, and none of its bytes are run', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    await writeFile(`${dir}/tool`, `\x7fELF\x02\x01\x01\ntouch ${dir}/RAN\n`, { mode: 0o755 });
    const error = await client.fails('process/start', startParams([`${dir}/tool`]));
    assert.deepEqual([error.code, error.message], [-32603, 'Exec format error (os error 8)']);
    await assert.rejects(access(`${dir}/RAN`));
  });

  ours(
    'start: where the system has no terminals, a start in one says so, and pipes work',
    async (t) => {
      const hide = 'mount -t tmpfs none /dev/pts && exec "$@"';
      const inside = ['unshare', '-m', 'sh', '-c', hide, 'sh'];
      if (spawnSync('unshare', [...inside.slice(1), 'true']).status !== 0) t.skip('needs to be root');
      const session = await t.session(await t.ownServer([], inside));
      const inTerminal = startParams(['true'], { tty: true });
      const { code, message, data } = await session.client.fails('process/start', inTerminal);
      assert.equal(code, -32603);
      assert.match(message, /^No terminal could be opened: .+ \(os error \d+\)\. A start on pipes/);
      assert.deepEqual(data, { kind: 'spawnFailed' });
      assert.equal(await session.text('echo piped'), 'piped');
    },
    'the reference gives the words of its library',
  );

  for (const missing of ['processId', 'argv', 'cwd', 'env', 'tty']) {
    both(`start: ${missing} is required`, async (t) => {
      const { client } = await t.session();
      const params = { ...startParams(['true']), [missing]: undefined };
      assert.deepEqual(await client.fails('process/start', params), {
        code: -32602,
        message: `missing field \`${missing}\``,
      });
    });
  }
});
