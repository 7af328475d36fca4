import { l10n } from 'vscode';
import type { ManagedProcess } from '../../environment';
import { showWarning } from '../show/notices';
import { askSecret } from '../show/steps';
import { commandName } from '../text/commandName';
import { typeLine } from './typedLine';

/**
 * Asks a person for a secret and types it with Enter behind it. It goes to the command and nowhere else, and agents
 * are held meanwhile.
 */
export async function sendSecret(process: ManagedProcess): Promise<void> {
  const { keyboard, spec } = process;
  const box = keyboard.borrow();
  const closed = new AbortController();
  const stop = process.subscribeWake(() => process.state !== 'running' && closed.abort());
  try {
    const name = commandName(spec);
    const isShown = keyboard.echoes;
    const secret = await askSecret(l10n.t('Secret for {0}', name), promptOf(isShown), closed.signal);
    if (secret === undefined) return;
    if (keyboard.echoes && !isShown) {
      void showWarning(l10n.t('Nothing was typed: the terminal of {0} shows what is typed by now.', name));
      return;
    }
    const status = await typeLine(process, secret, true);
    if (status !== 'accepted')
      void showWarning(l10n.t('Nothing was typed: the input of {0} is closed.', name));
  } finally {
    stop();
    box[Symbol.dispose]();
  }
}

function promptOf(isShown: boolean): string {
  return isShown
    ? l10n.t('Careful: this terminal shows what is typed. It will stand in the output, which agents read.')
    : l10n.t('It is typed with Enter behind it, and is neither shown nor recorded.');
}
