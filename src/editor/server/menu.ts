import * as vscode from 'vscode';
import type { Door } from './door';

interface Entry extends vscode.QuickPickItem {
  readonly command?: string;
}

const separator = (label: string): Entry => ({ label, kind: vscode.QuickPickItemKind.Separator });

/** What a click on the status bar offers. */
export async function showMenu(door: Door): Promise<void> {
  const open = door.state === 'open';
  const { l10n } = vscode;
  const entries: Entry[] = [
    ...(open ? connectionEntries(door) : []),
    separator(l10n.t('Server')),
    ...(open
      ? [
          {
            label: `$(key) ${l10n.t('New Token')}`,
            detail: l10n.t('Voids the token, disconnects every agent and ends what they run'),
            command: 'execServer.newToken',
          },
          {
            label: `$(debug-stop) ${l10n.t('Stop Server')}`,
            detail: l10n.t('Disconnects every agent and ends what they run'),
            command: 'execServer.stopServer',
          },
        ]
      : [startEntry(door)]),
    separator(''),
    { label: `$(list-tree) ${l10n.t('Focus Processes')}`, command: 'execServer.processes.focus' },
    { label: `$(output) ${l10n.t('Show Log')}`, command: 'execServer.showLog' },
  ];
  const choice = await vscode.window.showQuickPick(entries, {
    title: l10n.t('Exec Server'),
    placeHolder: placeHolder(door),
  });
  if (choice?.command) await vscode.commands.executeCommand(choice.command);
}

function connectionEntries(door: Door): Entry[] {
  const { l10n } = vscode;
  const address = door.openConnection?.baseUrl ?? '';
  return [
    separator(l10n.t('Connect an agent')),
    {
      label: `$(terminal) ${l10n.t('Copy Environment Variables')}`,
      detail: l10n.t('CODEX_EXEC_SERVER_URL=… NO_PROXY=…, to put before "codex" in a terminal'),
      command: 'execServer.copyEnvironmentLine',
    },
    {
      label: `$(link) ${l10n.t('Copy URL')}`,
      detail: `${address}/…`,
      command: 'execServer.copyUrl',
    },
    {
      label: `$(file-code) ${l10n.t('Copy environments.toml')}`,
      detail: l10n.t('For CODEX_HOME; sends the token in a header, not in the URL'),
      command: 'execServer.copyEnvironmentsToml',
    },
  ];
}

function startEntry(door: Door): Entry {
  const { l10n } = vscode;
  return door.state === 'untrusted'
    ? { label: `$(shield) ${l10n.t('Manage Workspace Trust')}`, command: 'workbench.trust.manage' }
    : { label: `$(debug-start) ${l10n.t('Start Server')}`, command: 'execServer.startServer' };
}

function placeHolder(door: Door): string {
  const { l10n } = vscode;
  switch (door.state) {
    case 'open':
      return l10n.t('Agents can connect to {0}', door.openConnection?.baseUrl ?? '');
    case 'starting':
      return l10n.t('The exec-server is starting.');
    case 'untrusted':
      return l10n.t('The workspace is not trusted, so the exec-server stays off.');
    case 'failed':
      return l10n.t('The exec-server did not start. The log says why.');
    case 'off':
      return l10n.t('The exec-server is off: no agent can connect.');
  }
}
