import { HeaderList } from './headerList';
import { invalid } from './httpError';
import { isProtected } from './protectedEnv';
import type { Variables, HttpRequestHeader } from './types';

/** Bytes of the headers of one request, each counted with `OVERHEAD_BYTES`, as HTTP/2 does; the usual server takes 8 KiB. */
const MAX_HEADER_BYTES = 1024 * 1024;
const OVERHEAD_BYTES = 32;

const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
/** Everything but control characters; a tab is none here. */
const VALUE = /^[^\0-\x08\x0a-\x1f\x7f]*$/;

/**
 * The method, if it can be one.
 *
 * @throws HttpError unless the method is an HTTP token
 */
export function checkMethod(method: string): string {
  if (!TOKEN.test(method)) throw invalid('method is invalid: invalid HTTP method');
  return method;
}

/**
 * What a variable adds to a header.
 *
 * @throws HttpError where it is missing, empty or protected
 */
function variable(header: string, name: string, env: Variables): string {
  if (isProtected(name)) throw invalid(`header ${header} cannot use executor environment variable ${name}`);
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value === undefined) throw invalid(`header ${header} requires executor environment variable ${name}`);
  if (value === '') {
    throw invalid(`header ${header} requires a non-empty executor environment variable ${name}`);
  }
  return value;
}

function checkHeader(header: HttpRequestHeader, env: Variables): readonly [name: string, value: string] {
  const { name, valueEnvVar } = header;
  if (!TOKEN.test(name)) throw invalid('header name is invalid: invalid HTTP header name');
  const value = header.value + (typeof valueEnvVar === 'string' ? variable(name, valueEnvVar, env) : '');
  if (!VALUE.test(value)) throw invalid(`header value is invalid for ${name}: failed to parse header value`);
  // UTF-8 on the wire, which Node's one byte a character would refuse or garble.
  return [name.toLowerCase(), Buffer.from(value).toString('latin1')];
}

/**
 * The headers that a client asked for.
 *
 * @throws HttpError for the first that cannot be sent
 */
export function requestHeaders(headers: readonly HttpRequestHeader[], env: Variables): HeaderList {
  const checked = headers.map((header) => checkHeader(header, env));
  const bytes = checked.reduce((sum, [name, value]) => sum + name.length + value.length + OVERHEAD_BYTES, 0);
  if (bytes > MAX_HEADER_BYTES) {
    throw invalid(`headers are invalid: they have ${bytes} bytes; the limit is ${MAX_HEADER_BYTES}`);
  }
  return new HeaderList(checked);
}
