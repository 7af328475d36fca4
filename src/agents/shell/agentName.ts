import type { ProcessOwner } from '../../environment';
import type { Announcement } from './announcement';

/** With what the ids of owners begin that run their commands themselves. */
const OWNER_PREFIX = 'agent:';

/** The owner of the commands of an agent's conversation. */
export function agentOwner({ agent, session }: Pick<Announcement, 'agent' | 'session'>): ProcessOwner {
  return { id: `${OWNER_PREFIX}${agent}:${session}`, name: agentName(agent) };
}

/** Whether the commands of this owner are its own, and only shown. */
export function isShownAgent(ownerId: string): boolean {
  return ownerId.startsWith(OWNER_PREFIX);
}

/** What agents call themselves in `AI_AGENT` or in variables of their own, and what people call them. */
const NAMES: Readonly<Record<string, string>> = {
  'claude-code': 'Claude Code',
  'gemini-cli': 'Gemini CLI',
  opencode: 'opencode',
  codex: 'Codex',
  github_copilot_vscode_agent: 'GitHub Copilot',
};

/** For people: the product and, where it says one, its version. `claude-code_2-1-332_agent` is Claude Code 2.1.332. */
export function agentName(agent: string): string {
  const [, product = agent, version] = /^([a-z][a-z0-9-]*)_(\d+(?:-\d+)*)_agent$/.exec(agent) ?? [];
  const name = (Object.hasOwn(NAMES, product) ? NAMES[product] : undefined) ?? product;
  return version === undefined ? name || 'agent' : `${name} ${version.replaceAll('-', '.')}`;
}
