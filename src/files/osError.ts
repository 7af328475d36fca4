import { SilentDiskError } from '../blocking';
import { osText } from '../os';
import { FsError, type FsErrorKind } from './fsError';
import { errorCode, messageOf } from '../values';

/** Which errors are the caller's mistake rather than the system's trouble. */
function kindOf(name: string): FsErrorKind {
  if (name === 'ENOENT') return 'notFound';
  if (name === 'EACCES' || name === 'EPERM' || name === 'EINVAL') return 'invalid';
  return 'other';
}

/** The error of that name as if the system had reported it: `No such file or directory (os error 2)`. */
export function osError(name: string, errno?: number): FsError {
  return new FsError(kindOf(name), osText(name, errno));
}

/** Whether nothing is at the path. */
export function isMissing(error: unknown): boolean {
  return error instanceof FsError ? error.kind === 'notFound' : errorCode(error) === 'ENOENT';
}

/** The system's own number. Node's numbers on Windows are its own, so the table's are better there. */
function systemNumber(error: unknown): number | undefined {
  if (process.platform === 'win32' || !(error instanceof Error) || !('errno' in error)) return undefined;
  return typeof error.errno === 'number' && error.errno < 0 ? -error.errno : undefined;
}

/** Anything thrown, as the FsError to tell the caller. Paths in Node's own texts are left out. */
export function toFsError(error: unknown): FsError {
  if (error instanceof FsError) return error;
  if (error instanceof SilentDiskError) return new FsError('other', error.message);
  const name = errorCode(error);
  if (name === undefined) return new FsError('other', messageOf(error));
  // Node's own refusals: a zero byte in a path, a number out of range.
  if (name.startsWith('ERR_')) return new FsError('invalid', (error as Error).message);
  return osError(name, systemNumber(error));
}

/** Runs an operation so that it rejects with nothing but an FsError. */
export async function asFsErrors<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw toFsError(error);
  }
}
