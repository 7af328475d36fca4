/** Commands that run to their end. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { exec } from '../calls';
import { AGENT_MARK } from '../codexRun';
import { asArray, asObject } from '../json';
import { play } from '../stage';
import { PROBE, type AgentTarget } from '../target';
import { ofMethod, params, pushedOutput, replyTo, startOf } from '../wireChecks';

/** Defines the cases. */
export function commandScenarios(get: () => AgentTarget): void {
  it('runs a one-shot command on the server and tells its exit code', async () => {
    const probe = get().probe ?? '';
    const { codex } = await play(get(), async (stage) => {
      const cmd = `printf %s "$${PROBE}" > probe.txt; echo "side=$${AGENT_MARK}." | tee side.txt; exit 3`;
      const result = await stage.exec(cmd);
      assert.equal(result.exitCode, 3, result.text);
      assert.equal(result.output, 'side=.\n');
      assert.equal(stage.file('side.txt'), 'side=.\n');
      assert.equal(stage.file('probe.txt'), probe);
    });
    const items = codex.events.map((event) => asObject(event['item']));
    const command = items.findLast((item) => item['type'] === 'command_execution');
    assert.equal(command?.['exit_code'], 3);
  });

  it('shows stdout and stderr, each as its own stream on the wire', async () => {
    const { tap } = await play(get(), async (stage) => {
      const result = await stage.exec('echo to-out; echo to-err >&2; echo both > done.txt');
      assert.equal(result.exitCode, 0, result.text);
      assert.deepEqual(result.output.trim().split('\n').sort(), ['to-err', 'to-out']);
      assert.equal(stage.file('done.txt'), 'both\n');
    });
    const chunks = ofMethod(tap.messages, 'process/output').map(params);
    const streams = chunks.map((chunk) => chunk['stream']);
    assert.deepEqual(streams.sort(), ['stderr', 'stdout']);
  });

  it('runs a login shell if the model does not say otherwise', async () => {
    const { tap } = await play(get(), async (stage) => {
      const result = await stage.exec('shopt login_shell > login.txt; echo "logged in"', { login: true });
      assert.match(result.output, /logged in\n$/);
      assert.match(stage.file('login.txt') ?? '', /on/);
    });
    const [start] = ofMethod(tap.messages, 'process/start');
    assert.equal(start && asArray(params(start)['argv'])[1], '-lc');
  });

  it('gives a command without a terminal the end of input at once', async () => {
    await play(get(), async (stage) => {
      const result = await stage.exec('cat; echo "cat ended $?" | tee cat.txt');
      assert.equal(result.output, 'cat ended 0\n', result.text);
      assert.equal(stage.file('cat.txt'), 'cat ended 0\n');
    });
  });

  it('honours a working folder with spaces and signs, and refuses one that is not there', async () => {
    const name = 'sub dir 100% ü#?';
    await play(get(), async (stage) => {
      mkdirSync(stage.path(name));
      const there = await stage.exec('pwd | tee where.txt', { workdir: stage.path(name) });
      assert.equal(there.output, `${stage.path(name)}\n`, there.text);
      assert.equal(stage.file(name, 'where.txt'), there.output);
      const call = exec('touch ran.txt', { workdir: stage.path('missing') });
      const missing = await stage.one(call);
      assert.equal(missing.exitCode, undefined);
      assert.match(missing.text, /rejected request.*No such file or directory/s);
      assert.equal(stage.file('ran.txt'), undefined);
      const start = startOf(stage.tap.messages, call.id);
      assert.ok(start && replyTo(stage.tap.messages, start)?.['error']);
      assert.equal((await stage.exec('echo fine')).output, 'fine\n');
    });
  });

  it('runs commands side by side', async () => {
    await play(get(), async (stage) => {
      // Each one waits until all four run: one after the other they would never end.
      const all = 'while [ "$(ls p? 2>/dev/null | wc -l)" -lt 4 ]; do sleep 0.02; done';
      const list = [1, 2, 3, 4].map((n) => exec(`touch p${String(n)}; ${all}; echo "made ${String(n)}"`));
      const results = await stage.all(...list);
      for (const [index, result] of results.entries()) {
        assert.equal(result.exitCode, 0, result.text);
        assert.equal(result.output, `made ${String(index + 1)}\n`);
      }
    });
  });

  it('carries 10 MB of output complete, and the model gets both ends with a cut mark', async () => {
    await play(get(), async (stage) => {
      const call = exec('seq 1 1450000 | tee big.txt');
      const result = await stage.one(call);
      assert.ok(result.text.length < 100_000, 'the model gets a part');
      assert.match(result.text, /tokens truncated/);
      assert.match(result.output, /\n1\n2\n3\n/);
      const { exitCode } = await stage.toEnd(result);
      assert.equal(exitCode, 0);
      const start = startOf(stage.tap.messages, call.id);
      assert.ok(start);
      const pushed = pushedOutput(stage.tap.messages, params(start)['processId']);
      const file = readFileSync(stage.path('big.txt'));
      assert.ok(file.length > 10_000_000);
      assert.equal(sha(pushed), sha(file), `${String(pushed.length)} of ${String(file.length)} bytes`);
    });
  });
}

function sha(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
