import * as vscode from 'vscode';
import { hostEnvironment, type LocalHostBackend, type ManagedProcess } from '../../environment/index';
import { workspaceFolder } from '../workspaceFolder';
import { LOCAL_ID } from './entries';
import type { Environments } from './environments';

/** What terminals of editors call themselves, and what programs know. */
const TERM = { TERM: 'xterm-256color', COLORTERM: 'truecolor' };
let lastId = 0;

/** A shell for a person, in any environment; its row is in the tree like every other. */
export async function startShell(
  id: string,
  environments: Environments,
  local: LocalHostBackend,
): Promise<ManagedProcess> {
  if (!vscode.workspace.isTrusted) {
    throw new Error(vscode.l10n.t('This workspace is not trusted, so no commands are run.'));
  }
  const owner = { id: 'person:shell', name: vscode.l10n.t('Shell') };
  const common = { tty: true, pipeStdin: false };
  if (id === LOCAL_ID) {
    return local.start({
      ...common,
      processId: `shell-${++lastId}`,
      argv: [vscode.env.shell || '/bin/sh'],
      cwd: workspaceFolder(),
      env: { ...hostEnvironment(process.env), ...TERM },
      owner,
    });
  }
  const { info } = await environments.connect(id);
  const argv = [info?.shell.path ?? '/bin/sh'];
  return environments.start(id, { ...common, argv, env: TERM }, owner);
}
