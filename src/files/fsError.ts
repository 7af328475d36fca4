/** The codes that file system errors have on the wire. */
export const FsErrorCode = {
  notFound: -32004,
  invalid: -32600,
  other: -32603,
} as const;

export type FsErrorCode = (typeof FsErrorCode)[keyof typeof FsErrorCode];

/** A refused or failed file operation, with the code and the words that its caller is to be told. */
export class FsError extends Error {
  override readonly name = 'FsError';

  constructor(
    readonly code: FsErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** A request that makes no sense for this path or with these parameters. */
export function invalid(message: string): FsError {
  return new FsError(FsErrorCode.invalid, message);
}
