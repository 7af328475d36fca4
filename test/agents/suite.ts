/** The scenarios as one mocha suite, for any server. */
import { commandScenarios } from './scenarios/commands';
import { connectionScenarios } from './scenarios/connection';
import { fileScenarios } from './scenarios/files';
import { patchScenarios } from './scenarios/patches';
import { sandboxScenarios } from './scenarios/sandbox';
import { sessionScenarios } from './scenarios/sessions';
import type { AgentTarget } from './target';

/**
 * Defines the suite. `open` is called once, before the first scenario; the server is left as it was
 * found: its `close` is called after the last one.
 */
export function agentSuite(title: string, open: () => Promise<AgentTarget>): void {
  describe(title, function () {
    this.timeout(300_000);
    let target: AgentTarget | undefined;
    const get = (): AgentTarget => {
      if (!target) throw new Error('the server has not been opened');
      return target;
    };
    before(async function () {
      if (process.platform === 'win32') {
        console.log('      skipped: the scripts of the agent suite are written for a POSIX shell');
        this.skip();
      }
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
    describe('sandbox', () => sandboxScenarios(get));
  });
}
