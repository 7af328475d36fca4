import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { both, ours } from './cases.js';
import type { Json } from './client.js';
import { childrenOf } from './procfs.js';
import { PATH, startParams, uri } from './session.js';
import { spawnError } from './spawnErrors.js';

const ENOENT = spawnError('No such file or directory (os error 2)');
const shell = { name: 'bash', path: '/bin/bash' };

describe('more about starting', () => {
  for (const tty of [false, true]) {
    const how = tty ? 'on a terminal' : 'with pipes';

    both(
      `start: PATH is searched from the working directory, also where it is relative ${how}`,
      async (t) => {
        const session = await t.session();
        const dir = await t.dir();
        await mkdir(`${dir}/sub`);
        await writeFile(`${dir}/sub/prog`, '#!/bin/sh\necho here', { mode: 0o755 });
        const starts: Json[] = [
          { cwd: uri(dir), env: { PATH: 'sub' } },
          { cwd: uri(dir), env: { PATH: `/nowhere:${dir}/sub` } },
        ];
        for (const more of starts) {
          const proc = await session.start(['prog'], { tty, ...more });
          await proc.closed();
          assert.equal(proc.text().trim(), 'here');
        }
      },
    );

    both(`start: NUL in an argument is -32603 ${how}`, async (t) => {
      const { client } = await t.session();
      const error = await client.fails('process/start', startParams(['echo', 'a\0b'], { tty }));
      assert.deepEqual(error, spawnError('nul byte found in provided data'));
    });

    both(`start: NUL in the environment is -32603 ${how}`, async (t) => {
      const { client } = await t.session();
      for (const env of [
        { PATH, A: 'b\0c' },
        { PATH, 'A\0': 'b' },
      ])
        assert.equal((await client.fails('process/start', startParams(['env'], { tty, env }))).code, -32603);
    });

    both(`start: a script whose interpreter is not there is -32603 ${how}`, async (t) => {
      const { client } = await t.session();
      const script = `${await t.dir()}/script`;
      await writeFile(script, '#! /no/such/interpreter -x\n', { mode: 0o755 });
      assert.deepEqual(await client.fails('process/start', startParams([script], { tty })), ENOENT);
    });

    both(`start: signals are at their defaults and none is blocked ${how}`, async (t) => {
      const session = await t.session();
      const proc = await session.start(['grep', '-E', 'Sig(Blk|Ign)', '/proc/self/status'], { tty });
      await proc.closed();
      assert.match(proc.text(), /^SigBlk:\t0+\r?\nSigIgn:\t0+\r?\n$/);
    });

    both(`start: any name is a name in the environment ${how}`, async (t) => {
      const session = await t.session();
      const env = { PATH, 'a b': '1', 'x.y-z': '2', '\u00e9': '3', constructor: '4' };
      const proc = await session.start(['env', '-0'], { tty, env });
      await proc.closed();
      for (const [name, value] of Object.entries(env))
        assert.ok(`\0${proc.text()}`.includes(`\0${name}=${value}\0`), name);
    });
  }

  ours(
    'start: programs have the soft limit of open files that the server was started with',
    async (t) => {
      // Node raises its own at once; the shell stays, and remembers.
      const server = await t.ownServer([], ['sh', '-c', 'ulimit -Sn 256; "$0" "$@"; exit $?']);
      const [node = 0] = childrenOf(server.pid);
      t.defer(() => node > 0 && process.kill(node, 'SIGKILL'));
      const session = await t.session(server);
      for (const tty of [false, true]) {
        assert.equal((await session.text('ulimit -Sn', { tty })).trim(), '256');
        assert.notEqual((await session.text('ulimit -Hn', { tty })).trim(), '256');
      }
      const own = await readFile(`/proc/${String(node)}/limits`, 'latin1');
      assert.doesNotMatch(own, /^Max open files +256 /m);
    },
    'the reference is no Node',
  );

  ours(
    'start: without PATH a program on a terminal is searched in the default path of the system',
    async (t) => {
      const session = await t.session();
      const proc = await session.start(['sh', '-c', 'echo bare'], { tty: true, env: {} });
      await proc.closed();
      assert.equal(proc.text(), 'bare\r\n');
    },
    'the reference says "Unable to resolve the PATH"',
  );

  ours(
    'extensions: arg0 on a terminal may be empty, and the program is still searched in PATH',
    async (t) => {
      const session = await t.session();
      for (const arg0 of ['', 'other name', '-sh']) {
        const proc = await session.start(['cat', '/proc/self/cmdline'], { arg0, tty: true });
        await proc.closed();
        assert.equal(proc.text(), `${arg0}\0/proc/self/cmdline\0`);
      }
    },
  );

  both('start: an argument of more than the system takes is -32603, and others are served', async (t) => {
    const session = await t.session();
    const error = await session.client.fails('process/start', startParams(['echo', 'x'.repeat(200_000)]));
    assert.deepEqual(error, spawnError('Argument list too long (os error 7)'));
    assert.equal(await session.text('echo on'), 'on');
  });

  both('sandbox: shellSnapshot is accepted, and the command starts normally', async (t) => {
    const session = await t.session();
    const shellSnapshot = { scopeId: 'scope', shell };
    assert.equal(await session.text('echo "$A"', { shellSnapshot, env: { PATH, A: 'own' } }), 'own');
    assert.equal(await session.text('echo null', { shellSnapshot: null }), 'null');
  });

  both('sandbox: managedNetwork without a sandbox has no visible effect', async (t) => {
    const session = await t.session();
    const more = { managedNetwork: {}, enforceManagedNetwork: true };
    assert.equal(await session.text('echo ran', more), 'ran');
  });

  const WRONG: [string, Json][] = [
    ['shellSnapshot as a text', { shellSnapshot: 'x' }],
    ['shellSnapshot without scopeId', { shellSnapshot: { shell } }],
    ['shellSnapshot without shell', { shellSnapshot: { scopeId: 'x' } }],
    ['shellSnapshot with half a shell', { shellSnapshot: { scopeId: 'x', shell: { name: 'bash' } } }],
    ['managedNetwork as a number', { managedNetwork: 7 }],
    ['enforceManagedNetwork as null', { enforceManagedNetwork: null }],
    ['metadata as a text', { metadata: 'x' }],
    ['toolCallId as a number', { metadata: { toolCallId: 7 } }],
    ['networkProxy without its members', { networkProxy: {} }],
    ['networkProxy and managedNetwork', { networkProxy: {}, managedNetwork: {} }],
  ];
  for (const [what, more] of WRONG) {
    both(`start: ${what} is -32602, and nothing is started`, async (t) => {
      const { client } = await t.session();
      const path = `${await t.dir()}/ran`;
      const error = await client.fails('process/start', startParams(['touch', path], more));
      assert.equal(error.code, -32602);
      assert.equal((await client.fails('fs/getMetadata', { path: uri(path) })).code, -32004);
    });
  }
});
