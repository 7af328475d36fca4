import { reasonText } from '../httpError';

/** Why a body broke off, in words for the client. Node only says `aborted` when a server hangs up. */
export function bodyFault(error: unknown): string {
  const isCutOff = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
  const reason = isCutOff ? 'the connection closed before the body was complete' : reasonText(error);
  return `error decoding response body: ${reason}`;
}
