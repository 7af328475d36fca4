import { LimitError, NoTerminalError } from '../environment';
import { FsError } from '../files';
import { HttpError } from '../http';
import { ErrorCode, internalError, invalidParams, invalidRequest, RpcError } from '../protocol';
import { SandboxRefusal } from '../sandbox';
import { messageOf } from '../values';
import { BudgetError } from './budget';

/** By the kinds of errors of the file system (docs/protocol/files.md#errors). */
const FILE_CODES = {
  notFound: ErrorCode.notFound,
  invalid: ErrorCode.invalidRequest,
  other: ErrorCode.internal,
} satisfies Record<FsError['kind'], number>;

/** By the kinds of errors of HTTP requests (docs/protocol/http.md#errors). */
const HTTP_CODES = {
  invalid: ErrorCode.invalidParams,
  failed: ErrorCode.internal,
} satisfies Record<HttpError['kind'], number>;

/** The wire error for whatever a handler threw: the one place where errors of other rooms get their codes. */
export function toRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  if (error instanceof FsError) return new RpcError(FILE_CODES[error.kind], error.message);
  if (error instanceof HttpError) return new RpcError(HTTP_CODES[error.kind], error.message);
  if (error instanceof SandboxRefusal) return invalidParams(error.message);
  if (error instanceof LimitError || error instanceof BudgetError || error instanceof NoTerminalError)
    return invalidRequest(error.message);
  // A program that cannot be run, and what nobody foresaw.
  return internalError(messageOf(error));
}

/** The error for input that could not be written, in these words; that of a budget says itself what has no room. */
export function toWriteError(error: unknown, message: string): Error {
  return error instanceof BudgetError ? error : internalError(message);
}
