import { constants } from 'node:os';

/**
 * Error name → Linux number and text. The words are those of musl's `strerror`, because clients of the
 * reference server have learnt to read them.
 */
const OS_ERRORS: Readonly<Record<string, readonly [number, string]>> = {
  EPERM: [1, 'Operation not permitted'],
  ENOENT: [2, 'No such file or directory'],
  ESRCH: [3, 'No such process'],
  EINTR: [4, 'Interrupted system call'],
  EIO: [5, 'I/O error'],
  ENXIO: [6, 'No such device or address'],
  E2BIG: [7, 'Argument list too long'],
  ENOEXEC: [8, 'Exec format error'],
  EBADF: [9, 'Bad file descriptor'],
  ECHILD: [10, 'No child process'],
  EAGAIN: [11, 'Resource temporarily unavailable'],
  ENOMEM: [12, 'Out of memory'],
  EACCES: [13, 'Permission denied'],
  EFAULT: [14, 'Bad address'],
  EBUSY: [16, 'Resource busy'],
  EEXIST: [17, 'File exists'],
  EXDEV: [18, 'Cross-device link'],
  ENODEV: [19, 'No such device'],
  ENOTDIR: [20, 'Not a directory'],
  EISDIR: [21, 'Is a directory'],
  EINVAL: [22, 'Invalid argument'],
  ENFILE: [23, 'Too many open files in system'],
  EMFILE: [24, 'No file descriptors available'],
  ENOTTY: [25, 'Not a tty'],
  ETXTBSY: [26, 'Text file busy'],
  EFBIG: [27, 'File too large'],
  ENOSPC: [28, 'No space left on device'],
  ESPIPE: [29, 'Invalid seek'],
  EROFS: [30, 'Read-only file system'],
  EMLINK: [31, 'Too many links'],
  EPIPE: [32, 'Broken pipe'],
  ENAMETOOLONG: [36, 'Filename too long'],
  ENOLCK: [37, 'No locks available'],
  ENOSYS: [38, 'Function not implemented'],
  ENOTEMPTY: [39, 'Directory not empty'],
  ELOOP: [40, 'Symbolic link loop'],
  EOVERFLOW: [75, 'Value too large for data type'],
  ENOTSUP: [95, 'Not supported'],
  ETIMEDOUT: [110, 'Operation timed out'],
  ESTALE: [116, 'Stale file handle'],
  EDQUOT: [122, 'Quota exceeded'],
};

/**
 * What the system says of an error by its name: `No such file or directory (os error 2)`; the name alone where
 * nobody knows more.
 *
 * @param errno the system's own number, where it is known
 */
export function osText(name: string, errno = numberOf(name)): string {
  const text = OS_ERRORS[name]?.[1] ?? name;
  return errno === undefined ? text : `${text} (os error ${errno})`;
}

/** Node's numbers on Windows are its own, so the table's are better there. */
function numberOf(name: string): number | undefined {
  const linux = OS_ERRORS[name]?.[0];
  if (process.platform === 'win32') return linux;
  const own: Readonly<Record<string, number>> = constants.errno;
  return own[name] ?? linux;
}
