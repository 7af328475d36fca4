import { shortLine } from '../text/clean';

/** What people call the clients that name themselves for machines. */
const KNOWN_CLIENTS: ReadonlyMap<string, string> = new Map([['codex-environment', 'Codex']]);

export function clientLabel(name: string): string {
  return KNOWN_CLIENTS.get(name) ?? name;
}

const NAME_CHARACTERS = 60;

/** What an agent is called in a sentence or a row. */
export function clientName(name: string): string {
  return shortLine(clientLabel(name), NAME_CHARACTERS) || '?';
}
