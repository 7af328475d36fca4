import type { Logger } from '../server';

/** To stderr: stdout is for the URL, or for the protocol, alone. */
export const log: Logger = {
  debug: () => undefined,
  info: (message) => writeError(message),
  warn: (message) => writeError(`warning: ${message}`),
  error: (message) => writeError(`error: ${message}`),
};

export function writeError(message: string): void {
  process.stderr.write(`exec-server: ${message}\n`);
}
