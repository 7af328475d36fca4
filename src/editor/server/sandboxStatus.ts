import * as vscode from 'vscode';
import type { ProcessTable } from '../../environment';
import type { Choice } from '../show/choices';
import { showInformation, showWarning } from '../show/notices';

type State = ProcessTable['sandboxes']['state'];

/** Finds out whether sandboxes can be enforced here, and says so. */
export async function checkSandbox({ sandboxes }: ProcessTable): Promise<void> {
  const state = await sandboxes.check();
  if (state.kind === 'unavailable') void showWarning(`${state.reason}. ${state.remedy}`);
  else void showInformation(textOf(state));
}

/** For the menu of the server. */
export function sandboxEntry({ sandboxes: { state } }: ProcessTable): Choice<string> {
  return {
    icon: state.kind === 'unavailable' ? 'warning' : 'shield',
    label: textOf(state),
    detail:
      state.kind === 'unavailable' ? `${state.reason}. ${state.remedy}` : vscode.l10n.t('Check Sandbox'),
    value: 'execServer.checkSandbox',
  };
}

function textOf(state: State): string {
  switch (state.kind) {
    case 'available':
      return vscode.l10n.t({
        message: 'Sandboxes are enforced by {0}',
        args: [state.by],
        comment: ['{0} is a program'],
      });
    case 'unavailable':
      return vscode.l10n.t('Sandboxes cannot be enforced');
    case 'unknown':
      return vscode.l10n.t('Sandboxes have not been tried yet');
  }
}
