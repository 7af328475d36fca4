import path from 'node:path';
import * as vscode from 'vscode';
import type { ManagedProcess } from '../../environment';
import { saveOutput } from '../output/saveOutput';
import { askWhereToSave } from '../show/saveDialog';
import { flash, showError, showWarning, withCancel } from '../show/notices';
import { formatBytes } from '../text/amounts';
import { processLabel } from '../text/commandLabel';
import { essence } from '../text/essence';
import { workspaceFolder } from '../workspaceFolder';
import { messageOf } from '../../values';

/** Asks for a file and writes the output so far into it, byte by byte. */
export async function saveOutputAs(process: ManagedProcess): Promise<void> {
  const { l10n } = vscode;
  const name =
    path.basename(essence(processLabel(process.spec)).split(' ', 1).join()).replace(/[^\w.-]+/g, '_') ||
    'output';
  const proposed = vscode.Uri.file(path.join(workspaceFolder(), `${name}-${process.id}.log`));
  const target = await askWhereToSave(l10n.t('Save Output As'), proposed);
  if (!target) return;
  if (target.scheme !== 'file') {
    void showError(l10n.t('Output can be saved on the machine where the extension runs only.'));
    return;
  }
  try {
    const gone = await withCancel(l10n.t('Saving output…'), (signal) =>
      saveOutput(process, target.fsPath, signal),
    );
    if (gone === 0) flash(l10n.t('Output saved'));
    else void showWarning(l10n.t('Output saved without {0}, which were dropped.', formatBytes(gone)));
  } catch (error) {
    if (error instanceof vscode.CancellationError) return;
    void showError(l10n.t('The output was not saved: {0}', messageOf(error)));
  }
}
