import assert from 'node:assert/strict';
import { both, ours } from './cases.js';

const tty = true;

describe('terminals', () => {
  both('start: a terminal has 24 rows and 80 columns', async (t) => {
    const session = await t.session();
    assert.equal(await session.text('stty size', { tty }), '24 80');
  });

  both('start: all three descriptors are the terminal, and the child leads its session', async (t) => {
    const session = await t.session();
    const proc = await session.run(
      'tty; test -t 0 && test -t 1 && test -t 2 && echo all; ps -o sid=,pgid= -p $$; echo "me=$$"',
      { tty },
    );
    assert.match(proc.text(), /^\/dev\/pts\/\d+\r\nall\r\n/);
    const [, sid, pgid, me] = /\s(\d+)\s+(\d+)\s+me=(\d+)/.exec(proc.text()) ?? [];
    assert.equal(sid, me);
    assert.equal(pgid, me);
  });

  both('start: all output has the stream "pty", with CR LF', async (t) => {
    const session = await t.session();
    const proc = await session.run('echo out; echo err >&2', { tty });
    assert.equal(proc.text(), 'out\r\nerr\r\n');
    assert.ok(proc.events.filter((e) => e.kind === 'output').every((e) => e.stream === 'pty'));
  });

  both('start: input is echoed', async (t) => {
    const session = await t.session();
    const proc = await session.sh('read x; echo "got $x"', { tty });
    await proc.write('word\n');
    await proc.closed();
    assert.equal(proc.text(), 'word\r\ngot word\r\n');
  });

  both('write: ^D ends the input of a terminal, ^C interrupts', async (t) => {
    const session = await t.session();
    const cat = await session.start(['cat'], { tty });
    await cat.write('\x04');
    assert.equal((await cat.exited()).exitCode, 0);
    const sleep = await session.sh('trap "echo INT; exit 9" INT; echo ready; while :; do sleep 0.05; done', {
      tty,
    });
    await sleep.until('ready');
    await sleep.write('\x03');
    assert.equal((await sleep.exited()).exitCode, 9);
    await sleep.closed();
    assert.match(sleep.text(), /INT/);
  });

  both('start: pipeStdin has no effect on a terminal', async (t) => {
    const session = await t.session();
    assert.match(await session.text('tty', { tty, pipeStdin: true }), /^\/dev\/pts\//);
  });

  both('start: SHELL is added if absent, TERM is not', async (t) => {
    const session = await t.session();
    const env = await session.text('env', { tty });
    assert.match(env, /^SHELL=\//m);
    assert.doesNotMatch(env, /^TERM=/m);
    assert.equal(
      await session.text('echo $SHELL,$TERM', { tty, env: { SHELL: '/x', TERM: 'dumb' } }),
      '/x,dumb',
    );
  });

  both('start: without a terminal SHELL is not added', async (t) => {
    const session = await t.session();
    assert.doesNotMatch(await session.text('/usr/bin/env'), /^SHELL=/m);
  });

  both('start: a controlling terminal: /dev/tty can be opened', async (t) => {
    const session = await t.session();
    assert.equal(await session.text('echo direct > /dev/tty', { tty }), 'direct');
    const none = await session.run('echo direct > /dev/tty');
    assert.notEqual(none.exitCode, 0);
  });

  both('output: the exit code of a terminal process', async (t) => {
    const session = await t.session();
    for (const code of [0, 1, 42, 255])
      assert.equal((await session.run(`exit ${String(code)}`, { tty })).exitCode, code);
  });

  ours('extensions: a terminal process that dies by signal N reports 128+N', async (t) => {
    const session = await t.session();
    for (const [signal, code] of [
      ['KILL', 137],
      ['TERM', 143],
      ['INT', 130],
    ] as const)
      assert.equal((await session.run(`kill -${signal} $$`, { tty })).exitCode, code, signal);
  });

  both('output: raw bytes through a terminal come unchanged', async (t) => {
    const session = await t.session();
    const proc = await session.run(
      `stty raw; i=0; while [ $i -lt 256 ]; do printf "\\\\$(printf %o $i)"; i=$((i+1)); done`,
      { tty },
    );
    assert.deepEqual(proc.bytes(), Buffer.from(Array.from({ length: 256 }, (_, i) => i)));
  });

  both('output: a terminal process that lets go of its terminal is not hung up', async (t) => {
    const session = await t.session();
    const proc = await session.run('trap "" INT; exec <&- >&- 2>&-; sleep 0.3; exit 7', { tty });
    assert.equal(proc.exitCode, 7);
    const back = await session.run('exec <&- >&- 2>&-; sleep 0.3; echo back > /dev/tty; exit 8', { tty });
    assert.equal(back.exitCode, 8);
  });

  both('output: the last output before the exit is never lost', async (t) => {
    const session = await t.session();
    for (let i = 0; i < 20; i++)
      assert.equal(
        (await session.run('seq 2000; echo last', { tty })).text().endsWith('2000\r\nlast\r\n'),
        true,
      );
  });
});
