import * as vscode from 'vscode';
import type { EarlierCommand } from '../../record';
import { showWarning } from '../show/notices';
import { commandName } from '../text/commandName';
import type { History } from './history';

const SHOWN = 5;

/** After a crash: says once which commands ended with the window before this one, or with a kept server. */
export async function tellOfCrash({ crashed }: History): Promise<void> {
  const kept = crashed.filter((command) => command.kept);
  const others = crashed.filter((command) => !command.kept);
  await Promise.all([tell(others, false), tell(kept, true)]);
}

async function tell(crashed: readonly EarlierCommand[], kept: boolean): Promise<void> {
  if (!crashed.length) return;
  const { l10n } = vscode;
  const names = crashed.slice(0, SHOWN).map((command) => commandName(command));
  const rest = crashed.length - names.length;
  const all = [...names, ...(rest > 0 ? [l10n.t('and {0} more', rest)] : [])].join(', ');
  const show = l10n.t('Show What Happened');
  const sentence = kept
    ? l10n.t({
        message: 'The server that kept commands running ended without a word, and with it: {0}',
        args: [all],
        comment: ['{0} are commands'],
      })
    : l10n.t({
        message: 'The editor ended without a word, and with it: {0}',
        args: [all],
        comment: ['{0} are commands'],
      });
  if ((await showWarning(sentence, show)) === show)
    await vscode.commands.executeCommand('execServer.showWhatHappened');
}
