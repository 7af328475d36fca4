/** The scenarios as one mocha suite, for any server. */
import { CASE_MS } from '../../scripts/host/patience.mjs';
import { approvalScenarios } from './scenarios/approvals';
import { commandScenarios } from './scenarios/commands';
import { confinedScenarios } from './scenarios/confined';
import { confinedPatchScenarios } from './scenarios/confinedPatches';
import { confinedSessionScenarios } from './scenarios/confinedSessions';
import { connectionScenarios } from './scenarios/connection';
import { fileScenarios } from './scenarios/files';
import { patchScenarios } from './scenarios/patches';
import { refusedScenarios } from './scenarios/refused';
import { sessionScenarios } from './scenarios/sessions';
import type { AgentTarget } from './target';

/**
 * Defines the suite. `open` is called once, before the first scenario; the server is left as it was
 * found: its `close` is called after the last one.
 */
export function agentSuite(title: string, open: () => Promise<AgentTarget>): void {
  describe(title, function () {
    this.timeout(CASE_MS);
    let target: AgentTarget | undefined;
    const get = (): AgentTarget => {
      if (!target) throw new Error('the server has not been opened');
      return target;
    };
    before(async function () {
      if (process.platform === 'win32')
        skip(this, 'the scripts of the agent suite are written for a POSIX shell');
      target = await open();
    });
    after(async () => {
      await target?.close();
    });
    describe('commands', () => commandScenarios(get));
    describe('running commands', () => sessionScenarios(get));
    describe('patches', () => patchScenarios(get));
    describe('files', () => fileScenarios(get));
    describe('the connection', () => connectionScenarios(get));
    describe('in a sandbox', function () {
      before(function () {
        if (get().sandbox === 'refused') skip(this, 'no sandbox can be enforced on this machine');
      });
      confinedScenarios(get);
      confinedSessionScenarios(get);
      confinedPatchScenarios(get);
      approvalScenarios(get);
    });
    describe('where no sandbox can be enforced', function () {
      before(function () {
        if (get().sandbox === 'enforced') skip(this, 'this machine has sandboxes');
      });
      refusedScenarios(get);
    });
  });
}

function skip(context: Mocha.Context, reason: string): never {
  console.log(`      skipped: ${reason}`);
  return context.skip();
}
