import * as vscode from 'vscode';
import { isShownAgent } from '../../agents/shell/agentName';
import type { ServerLifecycle } from '../server/serverLifecycle';
import type { Finding } from '../server/finding';
import { showInformation } from '../show/notices';
import type { ClientNode } from '../tree/nodes';
import { clientName } from '../tree/clientName';
import { confirmEnding } from './stopping';

/**
 * Ends the connection of an agent, asking first where it runs something: that ends with it. The commands of one that runs
 * them itself go on, unseen.
 */
export async function disconnect(
  { row }: ClientNode,
  lifecycle: ServerLifecycle,
  finding: Pick<Finding, 'leave'>,
): Promise<void> {
  if (isShownAgent(row.id)) {
    await finding.leave(row.id);
    const words = vscode.l10n.t(
      'This window shows nothing of {0} any more, until it is reloaded. Its commands go on.',
      clientName(row.name),
    );
    void showInformation(words);
    return;
  }
  const yes = vscode.l10n.t('Disconnect');
  const question = vscode.l10n.t('Disconnect {0}?', clientName(row.name));
  if (await confirmEnding(question, row.processes, yes)) await lifecycle.disconnectClient(row.id);
}
