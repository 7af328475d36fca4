import { kind } from './target.js';

interface SpawnError {
  code: number;
  message: string;
  data?: { kind: string };
}

/** The reference has kinds since 0.171. */
const hasKinds = kind !== 'reference' || process.env['CODEX_VERSION'] !== '0.169.0';

/** What `process/start` answers when a program cannot be run. */
export function spawnError(message: string): SpawnError {
  const number = /os error (\d+)\)$/.exec(message)?.[1] ?? '';
  const why = { 2: 'spawnNotFound', 13: 'spawnPermissionDenied' }[number] ?? 'spawnFailed';
  return { code: -32603, message, ...(hasKinds ? { data: { kind: why } } : {}) };
}
