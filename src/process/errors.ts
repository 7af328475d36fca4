import { osText } from '../os';
import { errorCode, messageOf } from '../values';

/** Why a process could not be started, in words that a client may show or a model may act on. */
export class SpawnError extends Error {
  override readonly name = 'SpawnError';
  constructor(
    message: string,
    /** The system's error code, for example `ENOENT`, where there is one. */
    readonly code?: string,
  ) {
    super(message);
  }
}

/** A SpawnError with the system's text for `code`: `No such file or directory (os error 2)`. */
export function osSpawnError(code: string): SpawnError {
  return new SpawnError(osText(code), code);
}

/** The SpawnError for whatever a system call threw. */
export function toSpawnError(error: unknown): SpawnError {
  if (error instanceof SpawnError) return error;
  const code = systemCode(error);
  if (code !== undefined) return osSpawnError(code);
  return new SpawnError(messageOf(error));
}

/** The system's code of an error that Node threw; undefined for Node's own checks, whose codes (`ERR_…`) have no number. */
export function systemCode(error: unknown): string | undefined {
  const code = errorCode(error);
  return code !== undefined && (error as NodeJS.ErrnoException).errno !== undefined ? code : undefined;
}

/** What only a terminal has was asked of a process without one. */
export class NoTerminalError extends Error {
  override readonly name = 'NoTerminalError';
  constructor() {
    super('The process has no terminal: it was started with tty: false.');
  }
}

/** A bound of the table was met; the message names it and the way out. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
  constructor(
    /** The bound's name in the limits. */
    readonly limit: string,
    message: string,
  ) {
    super(message);
  }
}
