import { parseArgs } from 'node:util';

/** The command line is not understood: exit status 2. */
export class UsageError extends Error {}

const OPTIONS = {
  listen: { type: 'string' },
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
  'retained-bytes': { type: 'string' },
  'retained-bytes-per-process': { type: 'string' },
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

/** Throws a UsageError. */
export function readOptions(): Options {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The value if it is one of those known. Throws a UsageError. */
export function oneOf<T extends string>(option: string, value: string, known: readonly T[]): T {
  const found = known.find((name) => name === value);
  if (found !== undefined) return found;
  const names = known.map((name) => `\`${name}\``).join(' or ');
  throw new UsageError(`unknown ${option} mode \`${value}\`; expected ${names}`);
}
