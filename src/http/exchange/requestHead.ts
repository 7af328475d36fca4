import type { HeaderList } from '../headerList';
import type { Proxy } from '../network/proxy';
import type { Outgoing } from './message';

/** Belong to one connection of HTTP/1; HTTP/2 has other means and forbids them. */
const CONNECTION_HEADERS = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'te',
];

/**
 * The headers as sent: the client's, then what HTTP/1 needs. No `connection`, no user agent. And no `accept-encoding`,
 * which the reference adds since 0.171 to decode bodies itself: here bodies stay as they came, for any client to decode.
 */
export function http1Headers({ headers, url, body, method }: Outgoing, proxy: Proxy | undefined): HeaderList {
  let all = headers
    .withDefault('accept', '*/*')
    .withDefault('proxy-authorization', proxy?.authorization)
    .withDefault('host', url.host);
  const isEmpty = body === undefined || body.length === 0;
  // An announced encoding without a body would only leave the server waiting.
  if (isEmpty || method === 'CONNECT') all = all.without('transfer-encoding');
  else if (!all.has('transfer-encoding')) all = all.withDefault('content-length', String(body.length));
  // Two framings at once could be read in two ways.
  else all = all.without('content-length');
  if (all.get('transfer-encoding').some((value) => !/(^|,\s*)chunked$/i.test(value))) {
    throw new Error('transfer-encoding does not end in chunked');
  }
  checkLength(all, body);
  return all;
}

/** The headers as sent over HTTP/2, which has its own framing and names the host in a field of its own. */
export function http2Headers({ headers, body }: Outgoing): HeaderList {
  const isEmpty = body === undefined || body.length === 0;
  const all = headers
    .withDefault('accept', '*/*')
    .without(...CONNECTION_HEADERS)
    .withDefault('content-length', isEmpty ? undefined : String(body.length));
  checkLength(all, body);
  return all;
}

function checkLength(headers: HeaderList, body: Uint8Array | undefined): void {
  for (const length of headers.get('content-length')) {
    if (Number(length) !== (body?.length ?? 0)) throw new Error('content-length differs from the body');
  }
}
