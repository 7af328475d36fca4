/** Where no sandbox can be enforced, what asks for one is refused, in words. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { exec, patch } from '../calls';
import { asObject, asString } from '../json';
import { play } from '../stage';
import type { AgentTarget } from '../target';
import { ofMethod, replyTo, startOf } from '../wireChecks';

/** Defines the cases. */
export function refusedScenarios(get: () => AgentTarget): void {
  for (const sandbox of ['workspace-write', 'read-only'] as const) {
    it(`does not run a command without the ${sandbox} sandbox that it comes with`, async () => {
      await play(
        get(),
        async (stage) => {
          const call = exec('touch ran.txt');
          const result = await stage.one(call);
          const start = startOf(stage.tap.messages, call.id);
          const error = asObject(start && replyTo(stage.tap.messages, start)?.['error']);
          const sentence = asString(error['message']);
          assert.match(sentence, /sandbox/i);
          assert.ok(result.text.includes(sentence), `the model sees the sentence: ${result.text}`);
          assert.equal(result.exitCode, undefined);
          assert.equal(stage.file('ran.txt'), undefined, 'nothing ran');
        },
        { sandbox },
      );
    });
  }

  it('does not write a patch without the sandbox that it comes with', async () => {
    await play(
      get(),
      async (stage) => {
        writeFileSync(stage.path('keep.txt'), 'a\n');
        const lines = ['*** Update File: keep.txt', '@@', '-a', '+b', '*** Add File: made.txt', '+made'];
        const result = await stage.one(patch(...lines));
        assert.equal(stage.file('keep.txt'), 'a\n', result.text);
        assert.equal(stage.file('made.txt'), undefined);
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
