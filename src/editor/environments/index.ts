import * as vscode from 'vscode';
import type { LocalHostBackend, ProcessTable } from '../../environment/index';
import { rawEnvironments } from '../settings';
import type { Terminals } from '../terminal/terminals';
import type { Places } from '../tree/rows';
import { environmentCommands } from './commands';
import { readEntries } from './entries';
import { Environments } from './environments';
import { EnvironmentTree } from './environmentTree';
import { EnvironmentView } from './environmentView';
import { shellProfile } from './profile';
import { Tokens } from './tokens';
import { ENVIRONMENT_WORDS, faultSentence } from './words';

export { Environments } from './environments';

/** The environments of the settings, with what they are made of in the editor. */
export function createEnvironments(
  table: ProcessTable,
  secrets: vscode.SecretStorage,
  log: vscode.LogOutputChannel,
): Environments {
  return new Environments({
    table,
    tokens: new Tokens(secrets),
    log,
    entries: () => readEntries(rawEnvironments()),
    allowed: () => vscode.workspace.isTrusted,
  });
}

/** For the rows of processes that run elsewhere. */
export function placesOf(environments: Environments): Places {
  return {
    away: (place) => ['disconnected', 'lost'].includes(environments.state(place)),
    status: (place) => {
      const state = environments.state(place);
      return state === 'connected' ? place : `${place} · ${ENVIRONMENT_WORDS.state[state]}`;
    },
  };
}

/** The view, the commands and the terminal profile; settings and trust count at once. */
export function showEnvironments(
  environments: Environments,
  secrets: vscode.SecretStorage,
  terminals: Terminals,
  local: LocalHostBackend,
  log: vscode.LogOutputChannel,
): { dispose(): unknown }[] {
  const tree = new EnvironmentTree(environments);
  const view = new EnvironmentView(environments, tree);
  const parts = { environments, tokens: new Tokens(secrets), view, terminals, local };
  const refresh = (): void => {
    environments.refresh();
    tellFaults(environments, log);
  };
  refresh();
  return [
    tree,
    view,
    vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('execServer.environments')) refresh();
    }),
    vscode.window.registerTerminalProfileProvider(
      'execServer.shell',
      shellProfile(environments, terminals, local),
    ),
    ...Object.entries(environmentCommands(parts)).map(([id, run]) =>
      vscode.commands.registerCommand(id, run),
    ),
  ];
}

/** What can't be used is a row with the reason; this is for those who don't look there. */
function tellFaults(environments: Environments, log: vscode.LogOutputChannel): void {
  const { faulty } = environments.entries;
  if (!faulty.length) return;
  const sentences = faulty.map(faultSentence);
  for (const sentence of sentences) log.warn(`Settings of environments: ${sentence}`);
  const open = vscode.l10n.t('Open Settings');
  void vscode.window
    .showWarningMessage(sentences.join(' '), open)
    .then((choice) => choice && vscode.commands.executeCommand('execServer.environment.openSettings'));
}
