import { isObject } from '../values';

/**
 * What a server sends (docs/protocol/messages.md#envelope), read as far as a client needs it: unlike a server
 * it is not strict.
 */
export type ServerMessage =
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly code: number; readonly message: string }
  | { readonly kind: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly kind: 'request'; readonly id: unknown; readonly method: string };

/** Undefined for what is no message of an exec-server. */
export function readIncoming(data: Buffer): ServerMessage | undefined {
  const message = parse(data);
  if (!isObject(message)) return undefined;
  const { id, method, params, error } = message;
  if (typeof method === 'string') {
    return 'id' in message ? { kind: 'request', id, method } : { kind: 'notification', method, params };
  }
  if (typeof id !== 'number') return undefined;
  if ('result' in message) return { kind: 'result', id, result: message['result'] };
  if (!isObject(error) || typeof error['code'] !== 'number' || typeof error['message'] !== 'string')
    return undefined;
  return { kind: 'error', id, code: error['code'], message: error['message'] };
}

function parse(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString());
  } catch {
    return undefined;
  }
}

/** The longest quotation of foreign text in an error, in UTF-16 units. */
const QUOTED_LENGTH = 120;

/** Foreign text for an error sentence: short, on one line, without control characters. */
export function quote(text: string): string {
  return `“${oneLine(text, QUOTED_LENGTH)}”`;
}

/** Foreign text on one line, without control characters, and of so many UTF-16 units at most. */
export function oneLine(text: string, length: number): string {
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g, ' ').trim();
  return plain.length > length ? `${plain.slice(0, length)}…` : plain;
}
