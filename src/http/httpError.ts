/** Whether nothing was sent, because the request makes no sense, or it went wrong. */
export type HttpErrorKind = 'invalid' | 'failed';

/** A refused or failed HTTP request, with the words that its caller is to be told. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly kind: HttpErrorKind,
    message: string,
  ) {
    super(message);
  }
}

/** A request that was not sent because it makes no sense. */
export function invalid(message: string): HttpError {
  return new HttpError('invalid', `http/request ${message}`);
}

/** There are no status and headers: no connection, no answer in time, too many redirects. */
export function requestFailed(message: string): HttpError {
  return new HttpError('failed', `http/request failed: ${message}`);
}

/** There are status and headers, but the body is not whole. */
export function bodyFailed(message: string): HttpError {
  return new HttpError('failed', `failed to read http/request response body: ${message}`);
}

/** The words of whatever was thrown. */
export function reasonText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // As when both addresses of a host refuse: Node puts nothing into the message then.
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(reasonText).join(', ');
  }
  return error.message;
}
