import type { Incoming, RequestId } from './envelope';
import { inspectJson } from './strictJson';
import { isObject, messageOf } from '../values';

const MIN_I64 = -(2n ** 63n);
const MAX_I64 = 2n ** 63n - 1n;

/** Reads one message. Never throws: what cannot be read is `malformed` with a text. */
export function decodeMessage(text: string): Incoming {
  const { problem, idToken } = inspectJson(text);
  if (problem !== undefined) return malformed(problem);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return malformed(text === '' ? 'empty message' : messageOf(error));
  }
  if (!isObject(value)) return malformed('expected a JSON-RPC object');
  return classify(value, idToken);
}

interface Members {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
  readonly trace?: unknown;
}

function classify(message: Members, idToken: string | undefined): Incoming {
  const hasId = Object.hasOwn(message, 'id');
  const hasMethod = Object.hasOwn(message, 'method');
  if (hasMethod && typeof message.method !== 'string') return malformed('the method must be a string');
  const id = hasId ? readId(message.id, idToken) : undefined;
  if (hasId && id === undefined) return malformed('the id must be a string or a 64-bit integer');
  if (typeof message.method === 'string') {
    const { method, params } = message;
    if (id === undefined) return { kind: 'notification', method, params };
    return isTrace(message.trace)
      ? { kind: 'request', id, method, params }
      : malformed('the trace must be an object');
  }
  if (id !== undefined && isErrorBody(message.error)) return { kind: 'error' };
  if (id !== undefined && Object.hasOwn(message, 'result')) return { kind: 'response' };
  return malformed('neither a request, a notification, a response nor an error');
}

/** The token tells integers from `1.0` and `1e0`, and keeps the digits that a double loses. */
function readId(id: unknown, token: string | undefined): RequestId | undefined {
  if (typeof id === 'string') return id;
  if (typeof id !== 'number' || token === undefined || !/^-?\d+$/.test(token)) return undefined;
  // -0 is an integer too, and would be echoed as 0 anyway.
  if (Number.isSafeInteger(id)) return id;
  if (token.length > 20) return undefined;
  const exact = BigInt(token);
  return exact >= MIN_I64 && exact <= MAX_I64 ? exact : undefined;
}

function isTrace(trace: unknown): boolean {
  if (trace === undefined || trace === null) return true;
  if (typeof trace !== 'object' || Array.isArray(trace)) return false;
  const { traceparent, tracestate } = trace as { traceparent?: unknown; tracestate?: unknown };
  return [traceparent, tracestate].every(
    (part) => part === undefined || part === null || typeof part === 'string',
  );
}

function isErrorBody(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message } = error as { code?: unknown; message?: unknown };
  return Number.isInteger(code) && typeof message === 'string';
}

function malformed(detail: string): Incoming {
  return { kind: 'malformed', detail };
}
