import { LimitError } from '../environment';
import { FsError } from '../files';
import { HttpError } from '../http';
import { ErrorCode, invalidParams, RpcError } from '../protocol';
import { SandboxRefusal } from '../sandbox';
import { messageOf } from '../values';
import { BudgetError } from './budget';

/** The wire error for whatever a handler threw: the one place where errors of other rooms get their codes. */
export function toRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  if (error instanceof FsError || error instanceof HttpError) return new RpcError(error.code, error.message);
  if (error instanceof SandboxRefusal) return invalidParams(error.message);
  if (error instanceof LimitError || error instanceof BudgetError)
    return new RpcError(ErrorCode.invalidRequest, error.message);
  // A program that cannot be run, and what nobody foresaw.
  const message = messageOf(error);
  return new RpcError(ErrorCode.internal, message);
}
