import type { HttpIncoming, Outgoing } from './exchange/message';
import { bareUrl, lengthFault } from './requestUrl';

const BODY_HEADERS = ['transfer-encoding', 'content-encoding', 'content-type', 'content-length'];
/** What one origin was trusted with and another is not. `host` names the one that was asked. */
const ORIGIN_HEADERS = [
  'authorization',
  'cookie',
  'cookie2',
  'proxy-authorization',
  'www-authenticate',
  'host',
];

/** Where a response sends the client; undefined for responses that are answers in themselves. */
export function redirectTarget(response: HttpIncoming, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(response.status)) return undefined;
  const location = response.headers.find(({ name }) => name === 'location')?.value;
  // Bytes beyond ASCII have no agreed meaning in a location.
  if (location === undefined || /[^\t\x20-\x7e]/.test(location)) return undefined;
  if (lengthFault(location) !== undefined) return undefined;
  return URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
}

function nextMethod(status: number, method: string): string {
  if (status === 303) return method === 'HEAD' ? method : 'GET';
  return method === 'POST' && (status === 301 || status === 302) ? 'GET' : method;
}

/** Who sent the client: the page within one origin, the origin to others, nobody from https to http. */
function referer(from: URL, to: URL): string | undefined {
  if (from.protocol === 'https:' && to.protocol === 'http:') return undefined;
  return from.origin === to.origin ? bareUrl(from) : `${from.origin}/`;
}

/** The request to make next, as the reference's client does: 307 and 308 repeat it, body and all. */
export function redirected(request: Outgoing, status: number, to: URL): Outgoing {
  const method = nextMethod(status, request.method);
  const dropsBody = status === 303 || method !== request.method;
  const sameOrigin = request.url.origin === to.origin;
  const sender = referer(request.url, to);
  let headers = request.headers;
  if (dropsBody) headers = headers.without(...BODY_HEADERS);
  if (!sameOrigin) headers = headers.without(...ORIGIN_HEADERS);
  headers = sender === undefined ? headers.without('referer') : headers.replacing('referer', sender);
  return { method, url: to, headers, body: dropsBody ? undefined : request.body };
}
