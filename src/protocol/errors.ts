/** JSON-RPC error codes of dialect (a), docs/protocol/messages.md#error-codes. */
export const ErrorCode = {
  /** Malformed message, wrong state, unknown or duplicate ids, refused file operations. */
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  /** Spawn failures and other errors of the operating system. */
  internal: -32603,
  notFound: -32004,
  sessionAttached: -32010,
} as const;

/** An error that is the answer to a request; everything else that is thrown becomes -32603. */
export class RpcError extends Error {
  override readonly name = 'RpcError';

  constructor(
    /** The JSON-RPC code, such as -32600 (docs/protocol/messages.md#error-codes). */
    readonly code: number,
    message: string,
    /** More for programs, where there is some. */
    readonly data?: object,
  ) {
    super(message);
  }
}

export const invalidRequest = (message: string): RpcError => new RpcError(ErrorCode.invalidRequest, message);
export const invalidParams = (message: string): RpcError => new RpcError(ErrorCode.invalidParams, message);
export const internalError = (message: string): RpcError => new RpcError(ErrorCode.internal, message);
