import * as vscode from 'vscode';
import type { ManagedProcess } from '../../environment';
import type { Needed } from '../needs/needed';
import { askerOf, needCount, questionOf } from '../needs/words';
import { pickOne, type Choice, type Heading } from '../show/choices';
import type { ProcessTable } from '../../environment';
import { clientName } from '../tree/clientName';
import type { ServerLifecycle } from './serverLifecycle';
import { sandboxEntry } from './sandboxStatus';

/** A row whose value is the command or the process it is about, or a heading. */
type Entry = Choice<string | ManagedProcess> | Heading;

/** What a click on the status bar offers. */
export async function showMenu(
  lifecycle: ServerLifecycle,
  needed: Needed,
  table: ProcessTable,
): Promise<void> {
  const open = lifecycle.state === 'open';
  const { l10n } = vscode;
  const entries: Entry[] = [
    ...needEntries(needed),
    ...(open ? connectionEntries(lifecycle) : []),
    { heading: l10n.t('Server') },
    ...(open
      ? [
          {
            icon: 'key',
            label: l10n.t('Renew Token…'),
            detail: l10n.t('Invalidates the token, disconnects every agent and stops their commands'),
            value: 'execServer.newToken',
          },
          {
            icon: 'debug-stop',
            label: l10n.t('Stop Server'),
            detail: l10n.t('Disconnects every agent and ends what they run'),
            value: 'execServer.stopServer',
          },
        ]
      : [startEntry(lifecycle)]),
    sandboxEntry(table),
    { heading: '' },
    { icon: 'list-tree', label: l10n.t('Show Processes'), value: 'execServer.processes.focus' },
    { icon: 'output', label: l10n.t('Show Log'), value: 'execServer.showLog' },
  ];
  const command = await pickOne(entries, {
    title: l10n.t('Exec Server'),
    placeHolder: placeHolder(lifecycle),
  });
  if (typeof command === 'string') await vscode.commands.executeCommand(command);
  else if (command) await vscode.commands.executeCommand('execServer.process.open', command.id);
}

/** Who waits for a human: a click leads there. */
function needEntries(needed: Needed): Entry[] {
  const asking = needed.list();
  if (!asking.length) return [];
  return [
    { heading: needCount(asking.length) },
    ...asking.map((one) => ({
      icon: one.needs.kind === 'secret' ? 'key' : 'bell-dot',
      label: questionOf(one.needs),
      detail: `${clientName(one.process.owner.name)} · ${askerOf(one)}`,
      value: one.process,
    })),
  ];
}

function connectionEntries(lifecycle: ServerLifecycle): Entry[] {
  const { l10n } = vscode;
  const address = lifecycle.openConnection?.baseUrl ?? '';
  return [
    { heading: l10n.t('Connect an agent') },
    {
      icon: 'terminal',
      label: l10n.t('Copy Codex Command Line'),
      detail: l10n.t('Paste it into any terminal: it starts Codex, connected'),
      value: 'execServer.copyCodexCommandLine',
    },
    {
      icon: 'link',
      label: l10n.t('Copy URL'),
      detail: `${address}/…`,
      value: 'execServer.copyUrl',
    },
    {
      icon: 'file-code',
      label: l10n.t('Copy environments.toml'),
      detail: l10n.t('For CODEX_HOME; sends the token in a header, not in the URL'),
      value: 'execServer.copyEnvironmentsToml',
    },
  ];
}

function startEntry(lifecycle: ServerLifecycle): Entry {
  const { l10n } = vscode;
  return lifecycle.state === 'untrusted'
    ? { icon: 'shield', label: l10n.t('Manage Workspace Trust'), value: 'workbench.trust.manage' }
    : { icon: 'debug-start', label: l10n.t('Start Server'), value: 'execServer.startServer' };
}

function placeHolder(lifecycle: ServerLifecycle): string {
  const { l10n } = vscode;
  switch (lifecycle.state) {
    case 'open':
      return l10n.t('Agents can connect to {0}', lifecycle.openConnection?.baseUrl ?? '');
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
