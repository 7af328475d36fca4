/** Patches in the sandbox that Codex asks for. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { patch, type ToolResult } from '../calls';
import { asObject, asString } from '../json';
import { play, type Stage } from '../stage';
import type { AgentTarget } from '../target';
import { ofMethod, replyTo } from '../wireChecks';
import { outside, prepareWorkspace } from './confined';

const add = (stage: Stage, name: string): Promise<ToolResult> =>
  stage.one(patch(`*** Add File: ${name}`, '+made'));

/** Defines the cases. */
export function confinedPatchScenarios(get: () => AgentTarget): void {
  it('workspace-write: patches change what is inside, and nothing outside, through a link or in .git', async () => {
    await play(
      get(),
      async (stage) => {
        writeFileSync(stage.path('keep.txt'), 'a\n');
        writeFileSync(stage.path('old.txt'), 'old\n');
        const lines = ['*** Update File: keep.txt', '@@', '-a', '+b', '*** Delete File: old.txt'];
        const inside = await stage.one(patch(...lines, '*** Add File: new dir/made.txt', '+made'));
        assert.match(inside.text, /Success/, inside.text);
        assert.equal(stage.file('keep.txt'), 'b\n');
        assert.equal(stage.file('old.txt'), undefined);
        assert.equal(stage.file('new dir', 'made.txt'), 'made\n');

        // Codex itself refuses this one.
        assert.doesNotMatch((await add(stage, '../outside/x.txt')).text, /Success/);
        // It sees nothing wrong with these: the server does.
        assert.doesNotMatch((await add(stage, 'link/x.txt')).text, /Success/);
        assert.doesNotMatch((await add(stage, '.git/hooks')).text, /Success/);
        assert.deepEqual(outside(stage), []);
        assert.equal(stage.file('.git', 'hooks'), undefined);
        const errors = ofMethod(stage.tap.messages, 'fs/writeFile')
          .map((write) => asObject(replyTo(stage.tap.messages, write)?.['error']))
          .map((error) => asString(error['message']));
        assert.ok(
          errors.some((text) => /Read-only file system/.test(text)),
          JSON.stringify(errors),
        );
      },
      { sandbox: 'workspace-write', prepare: prepareWorkspace },
    );
  });

  it('read-only: a patch changes nothing', async () => {
    await play(
      get(),
      async (stage) => {
        assert.doesNotMatch((await add(stage, 'made.txt')).text, /Success/);
        assert.equal(stage.file('made.txt'), undefined);
      },
      { sandbox: 'read-only' },
    );
  });
}
