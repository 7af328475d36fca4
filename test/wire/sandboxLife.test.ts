import assert from 'node:assert/strict';
import { existsSync, symlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { both, ours, type Case } from './cases.js';
import type { Json } from './client.js';
import { gone } from './procfs.js';
import { path, Workspace } from './sandboxPayload.js';
import { startParams, type Session } from './session.js';

const AT_ONCE = 24;
const NAMES = ['.agents', '.aws', '.codex'];

async function workspace(t: Case, session?: Session): Promise<Workspace> {
  if (process.platform !== 'linux') t.skip('for Linux');
  return Workspace.make(t, session ?? (await t.session()));
}

const placeholders = (w: Workspace): string[] =>
  NAMES.flatMap((name) => [w.at(`w/${name}`), w.at(`tmp/${name}`)]).filter((name) => existsSync(name));

describe('the life of sandboxed commands', () => {
  ours(
    'sandbox: an interrupt runs the handler of the program',
    async (t) => {
      const w = await workspace(t);
      for (const tty of [false, true]) {
        const script = 'trap "echo handled; exit 3" INT; echo up; while :; do sleep 0.05; done';
        const proc = await w.session.sh(script, { ...w.params(), tty });
        await proc.until('up');
        await proc.signal();
        await proc.closed();
        assert.match(proc.text(), /handled/);
        assert.equal(proc.exitCode, 3);
      }
    },
    'the reference kills it',
  );

  both('sandbox: terminate ends all of it', async (t) => {
    const w = await workspace(t);
    const proc = await w.session.sh(
      'trap "" INT TERM; setsid sleep 1000 & echo up; sleep 1000; :',
      w.params(),
    );
    await proc.until('up');
    await proc.terminate();
    await proc.closed();
    assert.equal(proc.exitCode, 137);
  });

  ours(
    'sandbox: many start at the same time in one folder, and none gets through',
    async (t) => {
      const w = await workspace(t);
      const all = Array.from({ length: AT_ONCE }, (_, at) =>
        // None ends before all run.
        w.run(
          `mkdir .codex 2>/dev/null && echo OUT; echo x >> .git/config; : > up-${at}
          until set -- up-* && [ "$#" = ${AT_ONCE} ]; do sleep 0.05; done`,
        ),
      );
      for (const proc of await Promise.all(all)) {
        assert.doesNotMatch(proc.text(), /OUT/);
        assert.match(proc.text(), /Read-only file system/);
      }
      await w.session.client.wait('the end of placeholders', () => placeholders(w).length === 0 || undefined);
    },
    'the reference lets one wait for the other',
  );

  ours(
    'sandbox: two servers share a folder',
    async (t) => {
      const w = await workspace(t);
      const other = await t.session(await t.ownServer());
      const long = await w.session.sh('echo up; read line; mkdir .codex', { ...w.params(), pipeStdin: true });
      await long.until('up');
      for (let left = 5; left > 0; left--) {
        const proc = await other.run('mkdir .codex', w.params());
        assert.match(proc.text(), /File exists/);
      }
      assert.equal(existsSync(w.at('w/.codex')), true);
      await long.write('\n');
      await long.closed();
      assert.match(long.text(), /File exists/);
      await w.session.client.wait('the end of placeholders', () => placeholders(w).length === 0 || undefined);
    },
    'the reference counts for itself only',
  );

  ours(
    'sandbox: after SIGKILL of the server nothing survives, and no placeholder stays',
    async (t) => {
      const server = await t.ownServer();
      const w = await workspace(t, await t.session(server));
      const outside = await t.session();
      const script = 'trap "" HUP INT TERM; setsid sleep 1234567 & echo up; sleep 1234567; :';
      const all = await Promise.all(
        Array.from({ length: AT_ONCE }, (_, at) =>
          w.session.sh(script, { ...w.params(), tty: at % 2 === 0 }),
        ),
      );
      for (const proc of all) await proc.until('up');
      // A shell is `up` before its second program is.
      let pids: number[] = [];
      for (let left = 100; pids.length < AT_ONCE * 2 && left > 0; left--)
        pids = (await outside.text("pgrep -x -f 'sleep 1234567'")).split('\n').map(Number);
      assert.ok(pids.length >= AT_ONCE * 2, String(pids.length));
      await server.stop('SIGKILL');
      for (const pid of pids) await gone(pid);
      for (let left = 400; placeholders(w).length > 0 && left > 0; left--) await sleep(50);
      assert.deepEqual(placeholders(w), []);
    },
    'the reference leaves them',
  );

  ours(
    'sandbox: without namespaces it is refused in words, and nothing runs',
    async (t) => {
      const without = [
        'bwrap',
        '--die-with-parent',
        '--unshare-user',
        '--disable-userns',
        '--dev-bind',
        '/',
        '/',
      ];
      const w = await workspace(t, await t.session(await t.ownServer([], without)));
      for (const tty of [false, true]) {
        const params = { ...startParams(['/bin/sh', '-c', 'echo x > ran']), ...w.params(), tty };
        const { code, message } = await w.session.client.fails('process/start', params);
        assert.equal(code, -32602);
        assert.match(message, /sandbox/);
        assert.match(message, /namespace/);
        assert.match(message, /apparmor|seccomp/i);
        assert.match(message, /danger-full-access/);
      }
      assert.equal(existsSync(w.at('w/ran')), false);
      assert.equal(await w.session.text('echo ran'), 'ran');
    },
    'the reference runs bubblewrap and tells its failure as one of the command',
  );

  both('sandbox: the answer names what enforces it, and a denial is told', async (t) => {
    const w = await workspace(t);
    const proc = await w.run('echo x > ../out/x');
    assert.equal(proc.started['sandboxType'], 'linuxSeccomp');
    assert.equal((await proc.exited()).params['sandboxDenied'], true);
    assert.equal((await proc.read())['sandboxDenied'], true);
    assert.equal((await (await w.run('true')).exited()).params['sandboxDenied'], false);
    assert.equal((await w.session.run('true')).started['sandboxType'], 'none');
  });

  both('sandbox: a denial is told of a path that leads out through a link', async (t) => {
    const w = await workspace(t);
    symlinkSync('../out', w.at('w/link'));
    symlinkSync('sub', w.at('w/within'));
    symlinkSync('../out/none', w.at('w/dangling'));
    symlinkSync('dangling', w.at('w/twice'));
    const scripts = ['touch link/x', 'touch ./link/../x', 'mv .git x; touch link/x'];
    for (const script of [...scripts, 'touch dangling', 'echo > twice']) {
      const proc = await w.run(script);
      assert.equal((await proc.exited()).params['sandboxDenied'], true, `${script}: ${proc.text()}`);
    }
    const hidden = await w.run('cat link', [path(w.at('out'), 'deny')]);
    assert.equal((await hidden.exited()).params['sandboxDenied'], true, hidden.text());
    const within = await w.run('ls within/none');
    assert.equal((await within.exited()).params['sandboxDenied'], false);
  });

  both('sandbox: a denial is told of a relative path after the command has gone elsewhere', async (t) => {
    const w = await workspace(t);
    for (const script of ['cd ../out && touch x', 'cd sub; cd ../../out; echo > x']) {
      const proc = await w.run(script);
      assert.equal((await proc.exited()).params['sandboxDenied'], true, `${script}: ${proc.text()}`);
    }
  });

  ours(
    'sandbox: a failure that was not its own is no denial',
    async (t) => {
      const w = await workspace(t);
      const isDenied = async (script: string): Promise<unknown> =>
        (await (await w.run(script, [path(w.at('out'), 'deny')])).exited()).params['sandboxDenied'];
      assert.equal(await isDenied('cat ../out'), true);
      assert.equal(await isDenied('touch x; chmod 0 x; echo "cat: x: Permission denied"; exit 1'), false);
      assert.equal(await isDenied('ln -s sub l; echo "touch: l/x: Read-only file system"; exit 1'), false);
      symlinkSync('sub/none', w.at('w/inner'));
      assert.equal(await isDenied('echo "touch: inner: Read-only file system"; exit 1'), false);
      assert.equal(await isDenied('echo "the sandbox of seccomp is a topic"; exit 1'), false);
      assert.equal(await isDenied('echo "Could not resolve host: example.org"; exit 6'), true);
      assert.equal(await isDenied('kill -SYS $$'), true);
    },
    'the reference takes single words for it',
  );

  ours(
    'sandbox: the words of its refusal name the field',
    async (t) => {
      const w = await workspace(t);
      const params = { ...startParams(['true']), ...w.params() };
      const sandbox = { ...(w.params()['sandbox'] as Json), useLegacyLandlock: true };
      const { code, message } = await w.session.client.fails('process/start', { ...params, sandbox });
      assert.equal(code, -32602);
      assert.match(message, /useLegacyLandlock/);
    },
    'the reference dies in its helper',
  );
});
