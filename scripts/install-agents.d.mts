/** Types of install-agents.mjs. */
export function ensureAgent(name: string): Promise<string>;
