/** Commands that the agent comes back to: polled, typed into, interrupted, left behind. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { exec, stdin } from '../calls';
import { play } from '../stage';
import type { AgentTarget } from '../target';
import { alive, eventually, fileThere, numberIn } from '../wait';
import { ofMethod, params, startOf } from '../wireChecks';

/** Defines the cases. */
export function sessionScenarios(get: () => AgentTarget): void {
  it('lets the agent poll a long command', async () => {
    await play(get(), async (stage) => {
      const wait = 'until [ -e go ]; do sleep 0.05; done';
      const first = await stage.exec(`echo early; ${wait}; echo late | tee late.txt; exit 7`, {
        yield_time_ms: 1_000,
      });
      assert.ok(first.session !== undefined, first.text);
      const still = await stage.one(stdin(first.session, '', 5_000));
      assert.ok(still.session !== undefined, still.text);
      assert.equal(stage.file('late.txt'), undefined);
      writeFileSync(stage.path('go'), '');
      const end = await stage.toEnd(still);
      assert.equal(end.exitCode, 7);
      assert.equal(first.output + end.output, 'early\nlate\n');
      assert.equal(stage.file('late.txt'), 'late\n');
      assert.equal(ofMethod(stage.tap.messages, 'process/read').length, 0, 'output is pushed');
    });
  });

  it('lets the agent type into a terminal', async () => {
    await play(get(), async (stage) => {
      const ask = 'test -t 0 && test -t 1 && echo is-tty; read -r name; echo "hello $name" | tee said.txt';
      const call = exec(`${ask}; read -r rest; exit 5`, { tty: true, yield_time_ms: 1_000 });
      const first = await stage.one(call);
      assert.ok(first.session !== undefined, first.text);
      const second = await stage.one(stdin(first.session, 'wörld\n', 1_000));
      await eventually('the greeting', () => stage.file('said.txt') === 'hello wörld\n');
      const end = await stage.toEnd(await stage.one(stdin(first.session, 'bye\n')));
      assert.equal(end.exitCode, 5);
      const text = first.output + second.output + end.output;
      assert.match(text, /is-tty\r?\n[^]*hello wörld\r?\n[^]*bye/);
      const start = startOf(stage.tap.messages, call.id);
      assert.ok(start && params(start)['tty'] === true);
      const streams = ofMethod(stage.tap.messages, 'process/output').map((chunk) => params(chunk)['stream']);
      assert.deepEqual([...new Set(streams)], ['pty']);
    });
  });

  it('interrupts a command in a terminal with Ctrl-C', async () => {
    await play(get(), async (stage) => {
      const trap = `trap 'echo caught > caught.txt; exit 9' INT`;
      const first = await stage.exec(`${trap}; touch ready; while :; do sleep 0.05; done`, {
        tty: true,
        yield_time_ms: 1_000,
      });
      assert.ok(first.session !== undefined, first.text);
      await fileThere(stage.path('ready'));
      const end = await stage.toEnd(await stage.one(stdin(first.session, '\u0003')));
      assert.equal(end.exitCode, 9);
      assert.equal(stage.file('caught.txt'), 'caught\n');
      const written = ofMethod(stage.tap.messages, 'process/write').map((write) => params(write)['chunk']);
      assert.deepEqual(written, ['Aw==']);
    });
  });

  it('interrupts a command without a terminal, its children included', async () => {
    await play(get(), async (stage) => {
      const first = await stage.exec('sleep 600 & echo $! > child.pid; exec sleep 600', {
        yield_time_ms: 1_000,
      });
      assert.ok(first.session !== undefined, first.text);
      // A background child of a shell ignores SIGINT: the end of the turn must take it along.
      const child = await numberIn(stage.path('child.pid'));
      const result = await stage.one(stdin(first.session, '\u0003', 1_000));
      await stage.tap.seen('the exit', ({ body }) => body['method'] === 'process/exited');
      const [signal] = ofMethod(stage.tap.messages, 'process/signal');
      assert.ok(signal && params(signal)['signal'] === 'interrupt');
      const [exited] = ofMethod(stage.tap.messages, 'process/exited');
      assert.equal(exited && params(exited)['exitCode'], 130, result.text);
      assert.ok(alive(child), 'the interrupt does not reach what ignores it');
      process.kill(child, 'SIGKILL');
      assert.equal((await stage.toEnd(result)).exitCode, 130);
    });
  });

  it('ends what still runs at the end of the turn', async () => {
    const pids: number[] = [];
    const { tap } = await play(get(), async (stage) => {
      const first = await stage.exec('echo $$ > shell.pid; sleep 600 & echo $! > child.pid; wait', {
        yield_time_ms: 1_000,
      });
      assert.ok(first.session !== undefined, first.text);
      const inTty = await stage.exec('echo $$ > tty.pid; cat', { tty: true, yield_time_ms: 1_000 });
      assert.ok(inTty.session !== undefined, inTty.text);
      for (const name of ['shell', 'child', 'tty']) pids.push(await numberIn(stage.path(`${name}.pid`)));
      assert.deepEqual(pids.filter(alive), pids, 'all run before the end of the turn');
    });
    await eventually('the end of what was left behind', () => pids.every((pid) => !alive(pid)));
    const ended = ofMethod(tap.messages, 'process/terminate').map((message) => params(message)['processId']);
    assert.equal(new Set(ended).size, 2);
  });
}
