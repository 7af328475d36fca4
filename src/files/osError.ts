import { FsError, FsErrorCode } from './fsError';

/**
 * Error name → Linux number and text. The words are those of musl's `strerror`, because clients of the
 * reference server have learnt to read them.
 */
const OS_ERRORS: Readonly<Record<string, readonly [number, string]>> = {
  EPERM: [1, 'Operation not permitted'],
  ENOENT: [2, 'No such file or directory'],
  EINTR: [4, 'Interrupted system call'],
  EIO: [5, 'I/O error'],
  ENXIO: [6, 'No such device or address'],
  EBADF: [9, 'Bad file descriptor'],
  EAGAIN: [11, 'Resource temporarily unavailable'],
  ENOMEM: [12, 'Out of memory'],
  EACCES: [13, 'Permission denied'],
  EBUSY: [16, 'Resource busy'],
  EEXIST: [17, 'File exists'],
  EXDEV: [18, 'Cross-device link'],
  ENODEV: [19, 'No such device'],
  ENOTDIR: [20, 'Not a directory'],
  EISDIR: [21, 'Is a directory'],
  EINVAL: [22, 'Invalid argument'],
  ENFILE: [23, 'Too many open files in system'],
  EMFILE: [24, 'No file descriptors available'],
  ETXTBSY: [26, 'Text file busy'],
  EFBIG: [27, 'File too large'],
  ENOSPC: [28, 'No space left on device'],
  ESPIPE: [29, 'Invalid seek'],
  EROFS: [30, 'Read-only file system'],
  EMLINK: [31, 'Too many links'],
  EPIPE: [32, 'Broken pipe'],
  ENAMETOOLONG: [36, 'Filename too long'],
  ENOSYS: [38, 'Function not implemented'],
  ENOTEMPTY: [39, 'Directory not empty'],
  ELOOP: [40, 'Symbolic link loop'],
  EOVERFLOW: [75, 'Value too large for data type'],
  ENOTSUP: [95, 'Not supported'],
  ETIMEDOUT: [110, 'Operation timed out'],
  ESTALE: [116, 'Stale file handle'],
  EDQUOT: [122, 'Quota exceeded'],
};

/** Which errors are the caller's mistake rather than the system's trouble. */
function codeOf(name: string): FsErrorCode {
  if (name === 'ENOENT') return FsErrorCode.notFound;
  if (name === 'EACCES' || name === 'EPERM' || name === 'EINVAL') return FsErrorCode.invalid;
  return FsErrorCode.other;
}

/** The error of that name as if the system had reported it: `No such file or directory (os error 2)`. */
export function osError(name: string, errno?: number): FsError {
  const known = OS_ERRORS[name];
  const text = known?.[1] ?? name;
  const number = errno ?? known?.[0];
  return new FsError(codeOf(name), number === undefined ? text : `${text} (os error ${number})`);
}

/** The `code` of a Node error (`ENOENT`), if it has one. */
export function errorName(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The system's own number. Node's numbers on Windows are its own, so the table's are better there. */
function systemNumber(error: unknown): number | undefined {
  if (process.platform === 'win32' || !(error instanceof Error) || !('errno' in error)) return undefined;
  return typeof error.errno === 'number' && error.errno < 0 ? -error.errno : undefined;
}

/** Anything thrown, as the FsError to tell the caller. Paths in Node's own texts are left out. */
export function toFsError(error: unknown): FsError {
  if (error instanceof FsError) return error;
  const name = errorName(error);
  if (name === undefined)
    return new FsError(FsErrorCode.other, error instanceof Error ? error.message : String(error));
  // Node's own refusals: a zero byte in a path, a number out of range.
  if (name.startsWith('ERR_')) return new FsError(FsErrorCode.invalid, (error as Error).message);
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
