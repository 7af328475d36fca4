import * as vscode from 'vscode';
import { LOCAL_ENVIRONMENT_ID } from '../../environment';
import type { Hub } from '../../hub';
import { offerTab } from '../show/tab';
import type { Terminals } from '../terminal/terminals';
import { pickEnvironment } from './pick';
import { startShell } from './shell';

/** The terminal profile: a new terminal with a shell in an environment, asked for when there are several. */
export function shellProfile(hub: Hub, terminals: Terminals): vscode.Disposable {
  const { environments } = hub;
  return offerTab('execServer.shell', async () => {
    const others = environments.entries.good.map(({ id }) => id);
    const question = vscode.l10n.t('Open a shell in');
    const id = others.length
      ? await pickEnvironment(environments, question, [LOCAL_ENVIRONMENT_ID, ...others])
      : LOCAL_ENVIRONMENT_ID;
    if (id === undefined) throw new Error(vscode.l10n.t('No environment was chosen.'));
    return terminals.options(await startShell(id, hub));
  });
}
