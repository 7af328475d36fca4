import type { Terminal, TerminalOptions } from 'vscode';

/** Variables by which agents make themselves known in the terminals that they open. */
const MARKS = ['AI_AGENT', 'COPILOT_AGENT', 'CLAUDECODE', 'GEMINI_CLI', 'OPENCODE'];
/** What agents call their terminals. */
const NAMES = /\b(?:copilot|cline|roo code|kilo code|continue|agent)\b/i;

/** Whether an extension's agent works in this terminal, and not a person. */
export function isAgents({ name, creationOptions }: Pick<Terminal, 'name' | 'creationOptions'>): boolean {
  if ('pty' in creationOptions) return false;
  const { env = {}, hideFromUser = false, name: given = '' } = creationOptions as TerminalOptions;
  return hideFromUser || MARKS.some((mark) => env[mark] != null) || NAMES.test(`${name} ${given}`);
}
