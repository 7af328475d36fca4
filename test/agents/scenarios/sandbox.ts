/** A sandbox is an intent of the agent: the server enforces it or refuses. It never ignores it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { exec, patch, type ToolResult } from '../calls';
import { asObject, asString } from '../json';
import { play, type Stage } from '../stage';
import type { AgentTarget } from '../target';
import { ofMethod, replyTo, startOf } from '../wireChecks';

/** A server that cannot enforce a sandbox says so in a sentence the model can act on, and runs nothing. */
function checkRefused(stage: Stage, call: string, result: ToolResult): void {
  const start = startOf(stage.tap.messages, call);
  const error = asObject(start && replyTo(stage.tap.messages, start)?.['error']);
  const sentence = asString(error['message']);
  assert.match(sentence, /sandbox/i);
  assert.ok(result.text.includes(sentence), `the model sees the sentence: ${result.text}`);
  assert.equal(result.exitCode, undefined);
  assert.equal(stage.file('ran.txt'), undefined, 'nothing ran');
}

/** A server that enforces it lets the command write inside the workspace, and nowhere else. */
function checkEnforced(stage: Stage, call: string, result: ToolResult, outside: string): void {
  const start = startOf(stage.tap.messages, call);
  const reply = asObject(start && replyTo(stage.tap.messages, start)?.['result']);
  assert.notEqual(reply['sandboxType'] ?? 'none', 'none');
  assert.equal(result.exitCode, 1, result.text);
  assert.equal(stage.file('ran.txt'), '');
  assert.ok(!existsSync(outside), 'a write outside of the workspace');
}

/** Defines the cases. */
export function sandboxScenarios(get: () => AgentTarget): void {
  for (const sandbox of ['workspace-write', 'read-only'] as const) {
    it(`does not run a command without the ${sandbox} sandbox that it comes with`, async () => {
      const refused = get().sandbox === 'refused';
      const outside = join(homedir(), `.outside-${randomUUID()}`);
      await play(
        get(),
        async (stage) => {
          const call = exec(`touch ran.txt; touch '${outside}'`);
          const result = await stage.one(call);
          if (refused) checkRefused(stage, call.id, result);
          else if (sandbox === 'workspace-write') checkEnforced(stage, call.id, result, outside);
          else assert.equal(stage.file('ran.txt'), undefined, 'a read-only workspace');
        },
        { sandbox },
      ).finally(() => rmSync(outside, { force: true }));
    });
  }

  it('does not write a patch without the sandbox that it comes with', async () => {
    const refused = get().sandbox === 'refused';
    await play(
      get(),
      async (stage) => {
        writeFileSync(stage.path('keep.txt'), 'a\n');
        const lines = ['*** Update File: keep.txt', '@@', '-a', '+b', '*** Add File: made.txt', '+made'];
        const result = await stage.one(patch(...lines));
        assert.equal(stage.file('keep.txt'), refused ? 'a\n' : 'b\n', result.text);
        assert.equal(stage.file('made.txt'), refused ? undefined : 'made\n');
        if (!refused) return;
        // Codex keeps the server's words to itself here: the model learns only that the write has failed.
        assert.match(result.text, /Failed to write file/);
        const [write] = ofMethod(stage.tap.messages, 'fs/writeFile');
        const error = asObject(write && replyTo(stage.tap.messages, write)?.['error']);
        assert.match(asString(error['message']), /sandbox/i);
      },
      { sandbox: 'workspace-write' },
    );
  });
}
