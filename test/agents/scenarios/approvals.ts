/** A person whom Codex asks: what they let it do outside is done, what they do not is not. */
import assert from 'node:assert/strict';
import { exec, patch, type ToolCall } from '../calls';
import { asString } from '../json';
import { play } from '../stage';
import type { AgentTarget } from '../target';
import { params, startOf } from '../wireChecks';
import { outside, prepareWorkspace } from './confined';

const escalated = (cmd: string): ToolCall =>
  exec(cmd, { sandbox_permissions: 'require_escalated', justification: 'May I write outside?' });

/** Defines the cases. */
export function approvalScenarios(get: () => AgentTarget): void {
  it('workspace-write: what a person approves runs outside of the sandbox, and nothing else does', async () => {
    const asked: string[] = [];
    await play(
      get(),
      async (stage) => {
        const allowed = escalated('touch ../outside/allowed');
        const result = await stage.one(allowed);
        assert.equal(result.exitCode, 0, result.text);
        assert.deepEqual(outside(stage), ['allowed']);
        const start = startOf(stage.tap.messages, allowed.id);
        assert.equal(start && params(start)['sandbox'], null);

        // Not with `escalated`: that command would have to reach the server, and must not.
        const [refused] = await stage.model.turn([escalated('touch ../outside/forbidden')]);
        assert.doesNotMatch(JSON.stringify(refused), /exited with code 0/);
        const confined = await stage.exec('touch ../outside/unasked');
        assert.notEqual(confined.exitCode, 0, confined.text);

        const patched = await stage.one(patch('*** Add File: ../outside/patched', '+made'));
        assert.match(patched.text, /Success/, patched.text);
        assert.deepEqual(outside(stage).sort(), ['allowed', 'patched']);
      },
      {
        sandbox: 'workspace-write',
        prepare: prepareWorkspace,
        approve: (kind, { command }) => {
          asked.push(kind);
          return !asString(command).includes('forbidden');
        },
      },
    );
    assert.deepEqual(asked, ['commandExecution', 'commandExecution', 'fileChange']);
  });
}
