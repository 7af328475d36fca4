import * as vscode from 'vscode';
import type { ConnectionDetails } from '../../agents/api';
import { codexCommandLine } from '../../agents/connectionDetails';
import type { ManagedProcess } from '../../environment';
import { OutputText } from '../output/outputText';
import type { ServerLifecycle } from '../server/serverLifecycle';
import { flash, showInformation, showWarning } from '../show/notices';
import { formatBytes } from '../text/amounts';
import { copyableCommand } from '../text/commandLabel';

export async function copyCommand(processes: readonly ManagedProcess[]): Promise<void> {
  if (!processes.length) return;
  await vscode.env.clipboard.writeText(
    processes.map(({ spec }) => copyableCommand(spec.argv, spec.arg0)).join('\n'),
  );
  flash(vscode.l10n.t('Command copied'));
}

/** What to do so that what was refused is not: the first command line that is named for it, else the words. */
export async function copyWayOut({ noStart }: ManagedProcess): Promise<void> {
  const words = noStart?.remedy ?? noStart?.reason ?? '';
  const text = /`([^`]+ [^`]+)`/.exec(words)?.[1] ?? words;
  await vscode.env.clipboard.writeText(text);
  flash(
    vscode.l10n.t({ message: 'Copied: {0}', args: [text], comment: ['{0} is a command line, or sentences'] }),
  );
}

/** A clipboard is not the place for more. */
const MAX_COPIED_CHARACTERS = 16 * 1024 * 1024;

/** The output as plain text, of a very long one the end. */
export async function copyOutput(process: ManagedProcess): Promise<void> {
  const text = new OutputText(process, MAX_COPIED_CHARACTERS);
  await text.update();
  await vscode.env.clipboard.writeText(text.toString());
  const { missingBytes } = text;
  flash(
    missingBytes > 0
      ? vscode.l10n.t('Output copied without its first {0}', formatBytes(missingBytes))
      : vscode.l10n.t('Output copied'),
  );
}

export async function copyConnection(
  lifecycle: ServerLifecycle,
  part: (connection: ConnectionDetails) => string,
): Promise<void> {
  const { openConnection } = lifecycle;
  if (!openConnection) {
    const start = vscode.l10n.t('Start Server');
    const choice = await showWarning(
      vscode.l10n.t('The exec-server is off, so there is nothing to connect to.'),
      start,
    );
    if (choice) await vscode.commands.executeCommand('execServer.startServer');
    return;
  }
  await vscode.env.clipboard.writeText(part(openConnection));
  void showInformation(
    vscode.l10n.t('Copied. Treat it like a password: whoever has it can run commands as you.'),
  );
}

export const connectionParts = {
  url: (connection: ConnectionDetails): string => connection.url,
  codexCommandLine: (connection: ConnectionDetails): string => codexCommandLine(connection),
  environmentsToml: (connection: ConnectionDetails): string => connection.environmentsToml,
};
