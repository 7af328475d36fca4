import { stripVTControlCharacters } from 'node:util';
import * as vscode from 'vscode';
import type { Connection } from '../../agents/connection';
import { environmentLine } from '../../agents/connection';
import type { ManagedProcess } from '../../environment/index';
import type { Door } from '../server/door';
import { StreamText } from '../terminal/streamText';
import { formatBytes } from '../text/amounts';
import { copyableCommand } from '../text/commandLabel';

const MESSAGE_MS = 4000;

export async function copyCommand(processes: readonly ManagedProcess[]): Promise<void> {
  if (!processes.length) return;
  await vscode.env.clipboard.writeText(processes.map(({ spec }) => copyableCommand(spec.argv)).join('\n'));
  vscode.window.setStatusBarMessage(vscode.l10n.t('Command copied'), MESSAGE_MS);
}

/** What is retained of the output, as plain text. */
export async function copyOutput(process: ManagedProcess): Promise<void> {
  const { chunks, droppedBytes } = await process.read({ afterSeq: 0 });
  const text = stripVTControlCharacters(new StreamText().push(chunks)).replaceAll('\r\n', '\n');
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(
    droppedBytes > 0
      ? vscode.l10n.t('Output copied without its first {0}, which were dropped', formatBytes(droppedBytes))
      : vscode.l10n.t('Output copied'),
    MESSAGE_MS,
  );
}

export async function copyConnection(door: Door, part: (connection: Connection) => string): Promise<void> {
  const { openConnection } = door;
  if (!openConnection) {
    const start = vscode.l10n.t('Start Server');
    const choice = await vscode.window.showWarningMessage(
      vscode.l10n.t('The exec-server is off, so there is nothing to connect to.'),
      start,
    );
    if (choice) await vscode.commands.executeCommand('execServer.startServer');
    return;
  }
  await vscode.env.clipboard.writeText(part(openConnection));
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Copied. Treat it like a password: whoever has it can run commands as you.'),
  );
}

export const connectionParts = {
  url: (connection: Connection): string => connection.url,
  environmentLine,
  environmentsToml: (connection: Connection): string => connection.environmentsToml,
};
