/** Whose fault it is: nothing is there, the request makes no sense or is refused, or the system has trouble. */
export type FsErrorKind = 'notFound' | 'invalid' | 'other';

/** A refused or failed file operation, with the words that its caller is to be told. */
export class FsError extends Error {
  override readonly name = 'FsError';

  constructor(
    readonly kind: FsErrorKind,
    message: string,
  ) {
    super(message);
  }
}

/** A request that makes no sense for this path or with these parameters. */
export function invalid(message: string): FsError {
  return new FsError('invalid', message);
}
