import { delimiter } from 'node:path';
import * as vscode from 'vscode';
import type { AgentPrograms } from '../../agents/programs/writePrograms';
import type { ServerLifecycle } from '../server/serverLifecycle';
import { settings } from '../settings';
import { showInformation } from '../show/notices';
import { describeVariables } from '../show/tab';

const SETTING = 'execServer.terminalVariables';
/** In the editor's memory: whether it was asked once. */
const OFFERED = 'terminalVariablesOffered';

/** With the setting, agents that are started in any new integrated terminal are connected. */
export class TerminalVariables implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly collection: vscode.EnvironmentVariableCollection,
    private readonly memory: vscode.Memento,
    private readonly lifecycle: ServerLifecycle,
    private readonly programs: AgentPrograms,
  ) {
    // The next window has another token: nothing of this one is to be kept.
    collection.persistent = false;
    describeVariables(collection, vscode.l10n.t('Connects agents that are started in the terminal.'));
    lifecycle.on('changed', this.set);
    this.subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(SETTING)) this.set();
    });
    this.set();
  }

  dispose(): void {
    this.lifecycle.off('changed', this.set);
    this.subscription.dispose();
  }

  /** Asks once, ever, whether new terminals shall have the variables. */
  async offer(): Promise<void> {
    if (settings.terminalVariables() || this.memory.get(OFFERED) === true) return;
    await this.memory.update(OFFERED, true);
    const yes = vscode.l10n.t('Connect New Terminals');
    const question = vscode.l10n.t(
      'Shall agents that you start in new integrated terminals be connected too? The setting {0} says so.',
      SETTING,
    );
    if ((await showInformation(question, yes)) !== yes) return;
    await vscode.workspace.getConfiguration().update(SETTING, true, vscode.ConfigurationTarget.Global);
  }

  private readonly set = (): void => {
    const { collection } = this;
    collection.clear();
    const connection = this.lifecycle.openConnection;
    if (!settings.terminalVariables() || !connection) return;
    for (const [name, value] of Object.entries(connection.env)) collection.replace(name, value);
    if (process.platform === 'win32') return;
    collection.replace('CLAUDE_CODE_SHELL_PREFIX', this.programs.prefix);
    // For those that take the first shell on it.
    collection.prepend('PATH', `${this.programs.lookAlikes}${delimiter}`, {
      applyAtProcessCreation: true,
      applyAtShellIntegration: true,
    });
  };
}
