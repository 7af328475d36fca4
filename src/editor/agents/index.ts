import type * as vscode from 'vscode';
import { AGENT_KINDS } from '../../agents/connect/kinds';
import { discoveryFolder } from '../../agents/discovery';
import { agentPrograms } from '../../agents/programs/writePrograms';
import type { ProcessTable } from '../../environment';
import type { ServerLifecycle } from '../server/serverLifecycle';
import { registerCommands } from '../show/commands';
import type { ProcessView } from '../tree/processView';
import { ConnectAgents } from './connectAgents';
import { KeepConnected } from './keepConnected';
import { startHere } from './startHere';
import { TerminalVariables } from './terminalVariables';

export interface AgentParts {
  readonly table: ProcessTable;
  readonly lifecycle: ServerLifecycle;
  readonly view: Pick<ProcessView, 'onDidShow'>;
  readonly context: Pick<vscode.ExtensionContext, 'globalState' | 'environmentVariableCollection'>;
}

/** All by which the agents of this machine get to this window. */
export function showAgents({ table, lifecycle, view, context }: AgentParts): { dispose(): unknown }[] {
  const { globalState, environmentVariableCollection } = context;
  const programs = agentPrograms(discoveryFolder());
  const variables = new TerminalVariables(environmentVariableCollection, globalState, lifecycle, programs);
  const connecting: ConnectAgents = new ConnectAgents(programs, table, {
    changed: (id, isConnected) => {
      kept.note(id);
      if (isConnected) void variables.offer();
    },
    change: (state) => kept.change(state),
  });
  const kept: KeepConnected = new KeepConnected(globalState, programs, {
    connectAgain: () => connecting.ask(),
    test: (state) => connecting.test(state),
  });
  const commands: Record<string, () => unknown> = {
    'execServer.connectAgents': () => connecting.ask(),
    // Not in the palette: the editor calls it when it gets the focus.
    'execServer.lookAtAgents': () => kept.look(),
  };
  for (const { id } of AGENT_KINDS) {
    commands[`execServer.start${id.charAt(0).toUpperCase()}${id.slice(1)}`] = () =>
      startHere(id, programs, lifecycle);
  }
  return [variables, connecting, kept, view.onDidShow(() => kept.look()), ...registerCommands(commands)];
}
