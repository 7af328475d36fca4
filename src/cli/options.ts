import { parseArgs } from 'node:util';
import { messageOf } from '../values';

/** The command line is not understood. */
export class UsageError extends Error {
  readonly exitStatus = 2;
}

const OPTIONS = {
  listen: { type: 'string' },
  workspace: { type: 'string', multiple: true },
  auth: { type: 'string' },
  'ws-auth': { type: 'string' },
  'ws-token-file': { type: 'string' },
  'ws-token-sha256': { type: 'string' },
  'ws-shared-secret-file': { type: 'string' },
  'ws-issuer': { type: 'string' },
  'ws-audience': { type: 'string' },
  'ws-max-clock-skew-seconds': { type: 'string' },
  'concurrent-requests': { type: 'string' },
  'queued-requests': { type: 'string' },
  'max-connections': { type: 'string' },
  'max-message-bytes': { type: 'string' },
  'max-processes': { type: 'string' },
  'max-processes-per-session': { type: 'string' },
  'held-bytes': { type: 'string' },
  'held-bytes-per-connection': { type: 'string' },
  'retained-bytes': { type: 'string' },
  'retained-bytes-per-process': { type: 'string' },
  'spill-folder': { type: 'string' },
  'spilled-bytes': { type: 'string' },
  'spilled-bytes-per-process': { type: 'string' },
  'handshake-timeout-ms': { type: 'string' },
  'initialize-timeout-ms': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const;

/** The command line as it was given. */
export type Options = ReturnType<typeof parse>;

function parse() {
  return parseArgs({ options: OPTIONS }).values;
}

/**
 * Reads the command line.
 *
 * @throws UsageError for what cannot be understood
 */
export function readOptions(): Options {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(`${messageOf(error)}; see exec-server --help`);
  }
}

/**
 * The value if it is one of those known.
 *
 * @throws UsageError
 */
export function oneOf<T extends string>(option: string, value: string, known: readonly T[]): T {
  const found = known.find((name) => name === value);
  if (found !== undefined) return found;
  const names = known.map((name) => `\`${name}\``).join(' or ');
  throw new UsageError(`unknown ${option} mode \`${value}\`; expected ${names}`);
}
