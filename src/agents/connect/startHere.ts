import { delimiter, join } from 'node:path';
import type { AgentPrograms } from '../programs/writePrograms';
import type { AgentKind } from './kinds';

/** What a terminal has to tell the agents that are started in it, each by a variable of its own. */
export interface HereVariables {
  readonly programs: AgentPrograms;
  /** Those that lead Codex to this window; undefined while the server is off. */
  readonly codex: Readonly<Record<string, string>> | undefined;
  readonly path: string | undefined;
}

/**
 * The variables by which one agent comes to this window, whatever its files say. They may hold the token: for the
 * environment of a terminal, never for its text.
 */
export function startVariables(
  { id }: Pick<AgentKind, 'id'>,
  { programs, codex = {}, path = '' }: HereVariables,
): Readonly<Record<string, string>> {
  switch (id) {
    case 'codex':
      return codex;
    case 'claude':
      return { CLAUDE_CODE_SHELL_PREFIX: programs.prefix };
    case 'opencode':
      return { SHELL: join(programs.lookAlikes, 'bash') };
    default:
      // It takes the first bash on it.
      return { PATH: `${programs.lookAlikes}${delimiter}${path}` };
  }
}
