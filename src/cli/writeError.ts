import { logLine } from '../server/logger';

/** One line on stderr, whatever is in the message. */
export function writeError(message: string): void {
  process.stderr.write(`exec-server: ${logLine(message)}\n`);
}
