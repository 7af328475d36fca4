import { homedir } from 'node:os';
import { join } from 'node:path';
import type { AgentPrograms } from '../programs/writePrograms';
import { jsonValue, withJsonValue } from './jsonFile';
import { environmentsToml, isOurToml } from './codexFile';

/** What a configuration file of an agent says of us. */
export type ConfigurationStatus =
  /** Just what Connect writes. */
  | 'connected'
  /** Nothing. */
  | 'absent'
  /** Something else in our place, which is not ours to replace. */
  | 'taken';

/** An agent that is connected once and for ever, by one of its own files. */
export interface AgentKind {
  /** The word for it that `exec-server agents connect` takes. */
  readonly id: string;
  readonly name: string;
  /** Its program. */
  readonly command: string;
  /** Its file, which need not be there. */
  readonly file: (env: Readonly<NodeJS.ProcessEnv>) => string;
  /** What is to happen to its commands, in a sentence. */
  readonly effect: string;
  /** How it comes in. */
  readonly door: 'wire' | 'shell' | 'tools';
  status(text: string, programs: AgentPrograms): ConfigurationStatus;
  /** The file's new text, formatted as it was. */
  connect(text: string, programs: AgentPrograms): string;
  /** The file's text without what `connect` put into it; undefined when nothing is left. */
  disconnect(text: string, programs: AgentPrograms): string | undefined;
}

const under = (env: Readonly<NodeJS.ProcessEnv>, variable: string, ...otherwise: readonly string[]): string =>
  env[variable] ?? join(env['HOME'] ?? homedir(), ...otherwise);

/** One member of a JSON file, comments and all. */
function jsonKind(
  kind: Pick<AgentKind, 'id' | 'name' | 'command' | 'file' | 'effect' | 'door'>,
  path: readonly string[],
  value: (programs: AgentPrograms) => unknown,
): AgentKind {
  return {
    ...kind,
    status: (text: string, programs: AgentPrograms): ConfigurationStatus => {
      const now = jsonValue(text, path);
      if (now === undefined) return 'absent';
      return JSON.stringify(now) === JSON.stringify(value(programs)) ? 'connected' : 'taken';
    },
    connect: (text, programs) => withJsonValue(text, path, value(programs)),
    disconnect: (text) => {
      const rest = withJsonValue(text, path, undefined);
      return /^\s*\{\s*\}\s*$/.test(rest) ? undefined : rest;
    },
  };
}

/** What any client of the Model Context Protocol takes as a server of its own. */
export function mcpServer({ program }: AgentPrograms): { command: string; args: string[] } {
  return { command: program, args: ['mcp'] };
}

const SHOWN = 'Its commands stay its own and are shown in the window of their folder.';

/** Every agent that has such a file. */
export const AGENT_KINDS: readonly AgentKind[] = [
  {
    id: 'codex',
    name: 'Codex',
    command: 'codex',
    file: (env) => join(under(env, 'CODEX_HOME', '.codex'), 'environments.toml'),
    door: 'wire',
    effect: 'All its commands, patches and reads run in the window of its folder; without one, none do.',
    status: (text: string, programs: AgentPrograms): ConfigurationStatus => {
      if (text.trim() === '') return 'absent';
      if (text === environmentsToml(programs.program)) return 'connected';
      return isOurToml(text) ? 'absent' : 'taken';
    },
    connect: (_text, programs) => environmentsToml(programs.program),
    disconnect: () => undefined,
  },
  jsonKind(
    {
      id: 'claude',
      name: 'Claude Code',
      command: 'claude',
      file: (env) => join(under(env, 'CLAUDE_CONFIG_DIR', '.claude'), 'settings.json'),
      effect: SHOWN,
      door: 'shell',
    },
    ['env', 'CLAUDE_CODE_SHELL_PREFIX'],
    ({ prefix }) => prefix,
  ),
  jsonKind(
    {
      id: 'opencode',
      name: 'opencode',
      command: 'opencode',
      file: (env) => join(under(env, 'XDG_CONFIG_HOME', '.config'), 'opencode', 'opencode.json'),
      effect: SHOWN,
      door: 'shell',
    },
    ['shell'],
    ({ lookAlikes }) => join(lookAlikes, 'bash'),
  ),
  jsonKind(
    {
      id: 'gemini',
      name: 'Gemini CLI',
      command: 'gemini',
      file: (env) => join(env['HOME'] ?? homedir(), '.gemini', 'settings.json'),
      effect: 'It gets tools that run commands in the window of its folder, beside its own shell.',
      door: 'tools',
    },
    ['mcpServers', 'exec-server'],
    mcpServer,
  ),
];
