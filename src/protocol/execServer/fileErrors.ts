import type { Errors } from '../method';

/** The error codes of every method that touches files. */
export const FILE_ERRORS: Errors = {
  invalidRequest: 'No path of this host, permission denied, not a regular file, or beyond a bound.',
  notFound: 'No such file or folder, or no such handle.',
  internal: 'Any other error of the system, in its words.',
};
