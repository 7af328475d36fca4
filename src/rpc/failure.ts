import { ErrorCode } from '../protocol';

/** Names of errors whose message is meant for the client, with their codes. */
const CODES: Readonly<Record<string, number>> = {
  SpawnError: ErrorCode.internal,
  LimitError: ErrorCode.invalidRequest,
  FsError: ErrorCode.internal,
  HttpError: ErrorCode.internal,
  RpcError: ErrorCode.internal,
};

/** What a request that failed is answered with. Errors that carry a code of their own keep it. */
export function describeFailure(error: unknown): { code: number; message: string } {
  if (!(error instanceof Error)) return { code: ErrorCode.internal, message: String(error) };
  const known = CODES[error.name];
  const own: unknown = 'code' in error ? error.code : undefined;
  const code = known !== undefined && typeof own === 'number' ? own : (known ?? ErrorCode.internal);
  return { code, message: error.message };
}
