import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { CONNECTION_FILE_VARIABLE } from './connectionDetails';
import { discoveryFolder } from './discovery';

/**
 * Where what opens a door of any window or server of this person may lie: their private sockets, the file in which the
 * Codex CLI is told tokens, and the one that a test has asked for.
 */
export function secretPlaces(env: Readonly<NodeJS.ProcessEnv> = process.env): string[] {
  const homes = [env['CODEX_HOME'] ?? '', join(homedir(), '.codex')].filter((home) => isAbsolute(home));
  const file = env[CONNECTION_FILE_VARIABLE] ?? '';
  return [
    discoveryFolder(env).windows,
    ...homes.map((home) => join(home, 'environments.toml')),
    ...(isAbsolute(file) ? [file] : []),
  ];
}
