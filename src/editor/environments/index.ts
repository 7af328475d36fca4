import * as vscode from 'vscode';
import { readEntries, type Environments, type EnvironmentsOptions, type Hub } from '../../hub';
import { registerCommands } from '../show/commands';
import type { Log } from '../show/log';
import { showWarning } from '../show/notices';
import { rawEnvironments } from '../settings';
import type { Terminals } from '../terminal/terminals';
import type { Places } from '../tree/rows';
import { environmentCommands } from './commands';
import { EnvironmentTree } from './environmentTree';
import { EnvironmentView } from './environmentView';
import type { Askpass } from './machine/askpass';
import { Reconnecting } from './reconnecting';
import { shellProfile } from './profile';
import { Tokens } from './tokens';
import { ENVIRONMENT_WORDS, faultSentence } from './words';

/** What environments are made of in the editor: its settings and its secrets. */
export function environmentSettings(
  secrets: vscode.SecretStorage,
  log: Log,
  programOf: EnvironmentsOptions['programOf'] & {},
): Pick<EnvironmentsOptions, 'token' | 'log' | 'entries' | 'programOf'> {
  const tokens = new Tokens(secrets);
  return { token: (id) => tokens.get(id), log, entries: () => readEntries(rawEnvironments()), programOf };
}

export { Askpass } from './machine/askpass';
export { runWith } from './machine/program';

/** For the rows of processes that run elsewhere. */
export function placesOf(environments: Environments): Places {
  return {
    away: (place) => ['disconnected', 'lost'].includes(environments.state(place)),
    silent: (place) => environments.state(place) !== 'connected',
    status: (place) => {
      const state = environments.state(place);
      return state === 'connected' ? place : `${place} · ${ENVIRONMENT_WORDS.state[state]}`;
    },
  };
}

/** The view, the commands and the terminal profile; settings and trust count at once. */
export function showEnvironments(
  hub: Hub,
  secrets: vscode.SecretStorage,
  terminals: Terminals,
  { onDeclined }: Askpass,
  log: Log,
): { dispose(): unknown }[] {
  const { environments } = hub;
  const tree = new EnvironmentTree(environments);
  const view = new EnvironmentView(environments, tree);
  const parts = { hub, tokens: new Tokens(secrets), view, terminals, log };
  const refresh = (): void => {
    environments.refresh();
    tellFaults(environments, log);
  };
  refresh();
  return [
    tree,
    view,
    new Reconnecting(environments, onDeclined, log),
    vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('execServer.environments')) refresh();
    }),
    shellProfile(hub, terminals),
    ...registerCommands(environmentCommands(parts)),
  ];
}

/** What can't be used is a row with the reason; this is for those who don't look there. */
function tellFaults(environments: Environments, log: Log): void {
  const { faulty } = environments.entries;
  if (!faulty.length) return;
  const sentences = faulty.map(faultSentence);
  for (const sentence of sentences) log.warn(`Settings of environments: ${sentence}`);
  const open = vscode.l10n.t('Open Settings');
  void showWarning(sentences.join(' '), open).then(
    (choice) => choice && vscode.commands.executeCommand('execServer.environment.openSettings'),
  );
}
