import { agentKind } from '../../agents/connect/agentFiles';
import { startVariables } from '../../agents/connect/startHere';
import type { AgentPrograms } from '../../agents/programs/writePrograms';
import type { ServerLifecycle } from '../server/serverLifecycle';
import { runInTab } from '../show/tab';
import { plainTab } from '../text/plain';
import { workspaceFolder } from '../workspaceFolder';

/** Opens a terminal in the workspace's folder, in which an agent starts that is connected to this window. */
export async function startHere(
  id: string,
  programs: AgentPrograms,
  lifecycle: ServerLifecycle,
): Promise<void> {
  const kind = agentKind(id);
  const connection = id === 'codex' ? await lifecycle.connection() : undefined;
  const codex = connection && { ...connection.env };
  // Terminals find more programs than the editor does, so nobody asks here whether it is there.
  // In the environment only: a terminal's text and its shell's history hold no token.
  const env = startVariables(kind, { programs, codex, path: process.env['PATH'] });
  runInTab(plainTab(kind.name), workspaceFolder(), kind.command, env);
}
