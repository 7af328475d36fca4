import { constants } from 'node:os';

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

/** The C library's words, which clients of exec-servers know; Node's own are lower case and differ. */
const OS_TEXTS: Readonly<Record<string, string>> = {
  EPERM: 'Operation not permitted',
  ENOENT: 'No such file or directory',
  EIO: 'Input/output error',
  ECHILD: 'No child processes',
  E2BIG: 'Argument list too long',
  ENOEXEC: 'Exec format error',
  EAGAIN: 'Resource temporarily unavailable',
  ENOMEM: 'Cannot allocate memory',
  EACCES: 'Permission denied',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EINVAL: 'Invalid argument',
  ENFILE: 'Too many open files in system',
  EMFILE: 'Too many open files',
  ETXTBSY: 'Text file busy',
  EFBIG: 'File too large',
  ENOSPC: 'No space left on device',
  ENAMETOOLONG: 'File name too long',
  ELOOP: 'Too many levels of symbolic links',
};

/** A SpawnError with the system's text for `code`: `No such file or directory (os error 2)`. */
export function osSpawnError(code: string): SpawnError {
  const numbers: Readonly<Record<string, number>> = constants.errno;
  const text = OS_TEXTS[code] ?? code;
  const number = numbers[code];
  return new SpawnError(number === undefined ? text : `${text} (os error ${number})`, code);
}

/** The SpawnError for whatever a system call threw. */
export function toSpawnError(error: unknown): SpawnError {
  if (error instanceof SpawnError) return error;
  const code = errorCode(error);
  if (code !== undefined) return osSpawnError(code);
  return new SpawnError(error instanceof Error ? error.message : String(error));
}

/** The system's code of an error that Node threw, if it is one. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, errno } = error as NodeJS.ErrnoException;
  // Node's own checks have codes too (ERR_...), but no number.
  return errno !== undefined && typeof code === 'string' ? code : undefined;
}
