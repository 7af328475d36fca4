import type { Logger } from '../server';
import { writeError } from './writeError';

/** To stderr: stdout is for the URL, or for the protocol, alone. */
export const log: Logger = {
  debug: () => undefined,
  info: (message) => writeError(message),
  warn: (message) => writeError(`warning: ${message}`),
  error: (message) => writeError(`error: ${message}`),
};
