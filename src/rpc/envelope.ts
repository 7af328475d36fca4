/** What travels: JSON-RPC without a `jsonrpc` member. docs/protocol/messages.md#envelope. */

/** Echoed with its type; a bigint is an integer that a double can't hold exactly. */
export type RequestId = string | number | bigint;

export type Incoming =
  | { readonly kind: 'request'; readonly id: RequestId; readonly method: string; readonly params: unknown }
  | { readonly kind: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly kind: 'response' }
  | { readonly kind: 'error' }
  | { readonly kind: 'malformed'; readonly detail: string };

/** A result that is already JSON, for replies too large to be built as a string again. */
export class RawResult {
  /** @param parts bytes that make up one JSON value when joined */
  constructor(readonly parts: readonly Buffer[]) {}
}

/**
 * A reply as bytes or text.
 *
 * @throws RangeError where V8 can't hold it
 */
export function encodeResult(id: RequestId, result: unknown): string | Buffer {
  const head = `{"id":${encodeId(id)},"result":`;
  if (result instanceof RawResult) {
    return Buffer.concat([Buffer.from(head), ...result.parts, Buffer.from('}')]);
  }
  return `${head}${JSON.stringify(result ?? null)}}`;
}

/** An error reply. */
export function encodeError(id: RequestId, code: number, message: string, data?: object): string {
  return `{"error":${JSON.stringify({ code, message, data })},"id":${encodeId(id)}}`;
}

export function encodeNotification(method: string, params: unknown): string {
  return JSON.stringify({ method, params });
}

function encodeId(id: RequestId): string {
  return typeof id === 'string' ? JSON.stringify(id) : String(id);
}
