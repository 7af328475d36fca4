import * as vscode from 'vscode';
import { agentStates, type AgentState } from '../../agents/connect/agentFiles';
import { changeOf, news, type AgentChange, type Memory } from '../../agents/connect/changes';
import type { AgentPrograms } from '../../agents/programs/writePrograms';
import { showWarning } from '../show/notices';

/** In the editor's memory: the agents that a person has connected. */
const CONNECTED = 'agentsConnected';

/** What to do about a change. */
export interface Remedies {
  readonly connectAgain: () => unknown;
  readonly test: (state: AgentState) => unknown;
}

/** Tells when others have changed the file of an agent that was connected, or the agent itself. */
export class KeepConnected implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly memory: vscode.Memento,
    private readonly programs: AgentPrograms,
    private readonly remedies: Remedies,
  ) {
    // Whoever changes such a file, or an agent, does so elsewhere, and comes back then.
    this.subscription = vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) this.look();
    });
    this.look();
  }

  dispose(): void {
    this.subscription.dispose();
  }

  /** What others have done to an agent since it was connected or tested. */
  change(state: AgentState): AgentChange | undefined {
    return changeOf(state, this.known[state.id]);
  }

  /** A person has connected, tested or disconnected an agent: how it is now is how it is to be. */
  note(id: string): void {
    const state = agentStates(this.programs).find((one) => one.id === id);
    const others = Object.entries(this.known).filter(([other]) => other !== id);
    const own = state?.status === 'connected' ? { [id]: { version: state.version } } : {};
    this.remember({ ...Object.fromEntries(others), ...own });
  }

  /** Looks at the files and programs, and tells of each change once. */
  look(): void {
    const { changes, memory } = news(agentStates(this.programs), this.known);
    this.remember(memory);
    for (const [state, change] of changes) void this.tell(state, change);
  }

  private get known(): Memory {
    return this.memory.get<Memory>(CONNECTED, {});
  }

  private remember(memory: Memory): void {
    void this.memory.update(CONNECTED, memory);
  }

  private async tell(state: AgentState, change: AgentChange): Promise<void> {
    const { connectAgain, test } = this.remedies;
    if (change.kind === 'file') {
      const again = vscode.l10n.t('Connect Agents…');
      const words = vscode.l10n.t('{0} is not connected any more: {1} was changed.', state.name, state.file);
      if ((await showWarning(words, again)) === again) await connectAgain();
      return;
    }
    const testIt = vscode.l10n.t('Test Connection');
    const words = vscode.l10n.t(
      '{0} was updated since it was connected: {1}, before {2}. Look whether its commands still appear here.',
      state.name,
      change.to,
      change.from,
    );
    if ((await showWarning(words, testIt)) === testIt) await test(state);
  }
}
