import * as vscode from 'vscode';
import {
  agentKind,
  agentStates,
  connectAgent,
  disconnectAgent,
  type AgentState,
} from '../../agents/connect/agentFiles';
import type { AgentChange } from '../../agents/connect/changes';
import { mcpServer } from '../../agents/connect/kinds';
import { prove } from '../../agents/connect/proof';
import type { AgentPrograms } from '../../agents/programs/writePrograms';
import type { ProcessTable } from '../../environment';
import { pickOne, type Choice } from '../show/choices';
import { flash, showError, showInformation, showWarning } from '../show/notices';
import { messageOf } from '../../values';
import { workspaceFolder } from '../workspaceFolder';

const SCHEME = 'exec-server-agent';

/** Who has a part in it. */
export interface ConnectParts {
  /** Told when an agent was connected, tested or disconnected, with whether it is connected by that. */
  readonly changed: (id: string, isConnected: boolean) => unknown;
  /** What others have done to an agent since then. */
  readonly change: (state: AgentState) => AgentChange | undefined;
}

/** Connects agents by their own files, each after a look at what is written, and undoes it. */
export class ConnectAgents implements vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly provider: vscode.Disposable;

  /**
   * @param table where test commands arrive
   */
  constructor(
    private readonly programs: AgentPrograms,
    private readonly table: ProcessTable,
    private readonly others: ConnectParts,
  ) {
    this.provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: ({ path }) => this.texts.get(path) ?? '',
    });
  }

  dispose(): void {
    this.provider.dispose();
  }

  /** Asks which agent, shows the change, and makes it on a yes. */
  async ask(): Promise<void> {
    const states = agentStates(this.programs).map((value) => ({
      icon: value.status === 'connected' ? 'plug' : 'circle-outline',
      label: value.name,
      description: [
        changeWords(this.others.change(value)) ?? statusWords(value),
        value.found ?? vscode.l10n.t('not found on PATH'),
      ].join(' · '),
      detail: `${effectWords(value)} ${value.file}`,
      value,
    }));
    const other = {
      icon: 'copy',
      label: vscode.l10n.t('Any MCP Client'),
      detail: vscode.l10n.t(
        'Copies what its configuration takes: tools that run commands in the window of their folder.',
      ),
      value: 'other' as const,
    };
    const picked = await pickOne<AgentState | 'other'>([...states, other], {
      title: vscode.l10n.t('Connect Agents'),
    });
    if (!picked) return;
    if (picked === 'other') await this.copyServer();
    else if (picked.status === 'connected') await this.testOrDisconnect(picked);
    else await this.connect(picked);
  }

  private async copyServer(): Promise<void> {
    const entry = { mcpServers: { 'exec-server': mcpServer(this.programs) } };
    await vscode.env.clipboard.writeText(JSON.stringify(entry, null, 2));
    flash(vscode.l10n.t('Copied. It holds no token, and is good for every window.'));
  }

  private async connect(state: AgentState): Promise<void> {
    const { after, before, file, id, name } = state;
    if (after !== undefined) {
      await this.showDiff(file, before, after);
      const write = vscode.l10n.t('Connect {0}', name);
      if ((await choose([{ icon: 'check', label: write, detail: file, value: true }])) !== true) return;
    }
    try {
      connectAgent(agentKind(id), this.programs, process.env);
    } catch (error) {
      await showError(messageOf(error));
      return;
    }
    await this.test(state);
  }

  /** Runs a test command as the agent would. */
  async test({ id, name }: AgentState): Promise<void> {
    const { programs, table } = this;
    try {
      await prove(agentKind(id), { programs, table, cwd: workspaceFolder() });
      void showInformation(
        vscode.l10n.t(
          '{0} is connected, for every window; a test has arrived here. It counts from its next start.',
          name,
        ),
      );
    } catch (error) {
      void showWarning(
        vscode.l10n.t(
          '{0} is connected, but a test did not arrive in this window: {1}',
          name,
          messageOf(error),
        ),
      );
    }
    this.others.changed(id, true);
  }

  private async testOrDisconnect(state: AgentState): Promise<void> {
    const chosen = await choose<'test' | 'disconnect'>([
      { icon: 'beaker', label: vscode.l10n.t('Test Connection'), value: 'test' },
      {
        icon: 'check',
        label: vscode.l10n.t('Disconnect {0}', state.name),
        detail: state.file,
        value: 'disconnect',
      },
    ]);
    if (chosen === 'test') await this.test(state);
    if (chosen === 'disconnect') await this.disconnect(state);
  }

  private async disconnect({ id, name }: AgentState): Promise<void> {
    try {
      disconnectAgent(agentKind(id), this.programs, process.env);
    } catch (error) {
      await showError(messageOf(error));
      return;
    }
    this.others.changed(id, false);
    void showInformation(vscode.l10n.t('{0} is not connected any more, from its next start.', name));
  }

  private async showDiff(file: string, before: string, after: string): Promise<void> {
    const side = (name: string, text: string): vscode.Uri => {
      const path = `/${name}${file}`;
      this.texts.set(path, text);
      return vscode.Uri.from({ scheme: SCHEME, path });
    };
    const options = { preview: true, preserveFocus: true };
    const [now, then] = [side('now', before), side('then', after)];
    await vscode.commands.executeCommand('vscode.diff', now, then, vscode.l10n.t('What is written'), options);
  }
}

/** Undefined when nothing is to be done. */
function choose<T>(choices: readonly Choice<T>[]): Promise<T | undefined> {
  const nothing = { icon: 'close', label: vscode.l10n.t('Change nothing'), value: undefined };
  return pickOne<T | undefined>([...choices, nothing], { title: vscode.l10n.t('Connect Agents') });
}

function changeWords(change: AgentChange | undefined): string | undefined {
  if (change?.kind === 'file') return vscode.l10n.t('not connected any more: its file was changed');
  if (change) return vscode.l10n.t('updated since it was connected: {0}, before {1}', change.to, change.from);
  return undefined;
}

function effectWords({ id }: AgentState): string {
  switch (agentKind(id).door) {
    case 'wire':
      return vscode.l10n.t('All its commands run in the window of its folder; without one, none do.');
    case 'shell':
      return vscode.l10n.t('Its commands stay its own and are shown in the window of their folder.');
    case 'tools':
      return vscode.l10n.t(
        'It gets tools that run commands in the window of its folder, beside its own shell.',
      );
  }
}

function statusWords({ status }: AgentState): string {
  switch (status) {
    case 'connected':
      return vscode.l10n.t('connected');
    case 'absent':
      return vscode.l10n.t('not connected');
    case 'taken':
      return vscode.l10n.t('its file has something else there');
    case 'unreadable':
      return vscode.l10n.t('its file cannot be read');
  }
}
