import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { both, ours } from './cases.js';
import { SHOW, type Shown } from './fixtures.js';
import { PATH, startParams, uri } from './session.js';

describe('process/start', () => {
  both('start: the result has the processId and sandboxType "none"', async (t) => {
    const session = await t.session();
    const proc = await session.sh('true', { processId: 'my id \u2713' });
    assert.deepEqual(proc.started, { processId: 'my id \u2713', sandboxType: 'none' });
  });

  both('start: any text is a processId, also the empty one', async (t) => {
    const session = await t.session();
    for (const processId of ['', ' ', '\u0000', '__proto__', 'constructor', 'x'.repeat(5000)]) {
      const proc = await session.run('echo fine', { processId });
      assert.equal(proc.text(), 'fine\n', processId);
    }
  });

  both('start: arguments arrive as they are', async (t) => {
    const session = await t.session();
    const args = ['a b', '', '$HOME', '"', "'", '\\', '*', '\n', '-x', '\u00e9\u2713\u{1f600}'];
    const proc = await session.start(['/usr/bin/printf', '%s|', ...args]);
    await proc.closed();
    assert.equal(proc.text(), `${args.join('|')}|`);
  });

  both('start: cwd is the working directory', async (t) => {
    const session = await t.session();
    const dir = await t.dir();
    assert.equal(await session.text('pwd', { cwd: uri(dir) }), dir);
  });

  both('start: arg0 is argv[0] as the program sees it, and may be empty', async (t) => {
    const session = await t.session();
    for (const arg0 of ['other-name', '']) {
      const proc = await session.start(['cat', '/proc/self/cmdline'], { arg0 });
      await proc.closed();
      assert.equal(proc.text(), `${arg0}\0/proc/self/cmdline\0`);
    }
    assert.equal(await session.text('echo $0', { arg0: null }), '/bin/sh');
  });

  ours('extensions: arg0 is honoured for terminals too', async (t) => {
    const session = await t.session();
    const proc = await session.start(['cat', '/proc/self/cmdline'], { arg0: 'other-name', tty: true });
    await proc.closed();
    assert.equal(proc.text(), 'other-name\0/proc/self/cmdline\0');
  });

  both("start: a program without a slash is searched in the child's PATH", async (t) => {
    const session = await t.session();
    const dir = await t.dir();
    await writeFile(`${dir}/wire-prog`, '#!/bin/sh\necho found', { mode: 0o755 });
    const proc = await session.start(['wire-prog'], { env: { PATH: `/nowhere:${dir}` } });
    await proc.closed();
    assert.equal(proc.text(), 'found\n');
    await assert.rejects(session.start(['wire-prog']), /-32603 .*No such file or directory \(os error 2\)/);
    const bare = await session.start(['sh', '-c', 'echo bare'], { env: {} });
    await bare.closed();
    assert.equal(bare.text(), 'bare\n');
  });

  both('start: a program with a slash is found from the working directory', async (t) => {
    const session = await t.session();
    const dir = await t.dir();
    await mkdir(`${dir}/sub`);
    await writeFile(`${dir}/sub/prog`, '#!/bin/sh\necho here', { mode: 0o755 });
    await symlink('sub/prog', `${dir}/link`);
    for (const program of [`${dir}/sub/prog`, './sub/prog', './link']) {
      const proc = await session.start([program], { cwd: uri(dir) });
      await proc.closed();
      assert.equal(proc.text(), 'here\n', program);
    }
  });

  both('start: many starts at once all run', async (t) => {
    const session = await t.session();
    const numbers = Array.from({ length: 40 }, (_, i) => i);
    const outputs = await Promise.all(
      numbers.map((i) => session.text(`echo ${String(i)}; exit ${String(i)}`)),
    );
    assert.deepEqual(outputs, numbers.map(String));
  });

  both('start: the child leads its own session and group, without a terminal', async (t) => {
    const session = await t.session();
    const proc = await session.start(SHOW);
    await proc.closed();
    const shown = JSON.parse(proc.text()) as Shown;
    assert.equal(shown.session, shown.pid);
    assert.equal(shown.pgrp, shown.pid);
    assert.equal(shown.tty, 0);
    assert.match(shown.blocked, /^0+$/);
  });

  both('start: metadata is telemetry only, but a threadId that is no UUID is -32602', async (t) => {
    const session = await t.session();
    const threadId = '01a1fa2a-0000-7000-8000-000000000000';
    await (await session.sh('true', { metadata: { threadId, toolCallId: 'call_1' } })).closed();
    await (await session.sh('true', { metadata: null })).closed();
    const error = await session.client.fails(
      'process/start',
      startParams(['true'], { metadata: { threadId: 'x' } }),
    );
    assert.equal(error.code, -32602);
  });

  both('start: exactly what the Codex client sends is accepted', async (t) => {
    const session = await t.session();
    const proc = await session.start(['/bin/sh', '-c', 'echo "$CODEX_CI:$PAGER"; exit 3'], {
      metadata: { threadId: '01a1fa2a-0000-7000-8000-000000000000', toolCallId: 'call_1' },
      envPolicy: {
        inherit: 'all',
        ignoreDefaultExcludes: true,
        exclude: ['CODEX_VERSION'],
        set: {},
        includeOnly: [],
      },
      env: { CODEX_CI: '1', PAGER: 'cat', PATH },
      pipeStdin: false,
      arg0: null,
      sandbox: null,
      enforceManagedNetwork: false,
      managedNetwork: null,
    });
    await proc.closed();
    assert.equal(proc.text(), '1:cat\n');
    assert.equal(proc.exitCode, 3);
  });
});
