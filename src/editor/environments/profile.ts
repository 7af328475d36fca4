import * as vscode from 'vscode';
import type { LocalHostBackend } from '../../environment/index';
import type { Terminals } from '../terminal/terminals';
import { LOCAL_ID } from './entries';
import type { Environments } from './environments';
import { pickEnvironment } from './pick';
import { startShell } from './shell';

/** The terminal profile: a new terminal with a shell in an environment, asked for when there are several. */
export function shellProfile(
  environments: Environments,
  terminals: Terminals,
  local: LocalHostBackend,
): vscode.TerminalProfileProvider {
  return {
    provideTerminalProfile: async () => {
      const others = environments.entries.good.map(({ id }) => id);
      const question = vscode.l10n.t('Open a shell in');
      const id = others.length
        ? await pickEnvironment(environments, question, [LOCAL_ID, ...others])
        : LOCAL_ID;
      // The editor shows whatever this is rejected with.
      if (id === undefined) throw new Error(vscode.l10n.t('No environment was chosen.'));
      return new vscode.TerminalProfile(terminals.options(await startShell(id, environments, local)));
    },
  };
}
