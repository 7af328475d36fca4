import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable, type Duplex } from 'node:stream';
import type { HeaderList } from './headerList';
import type { Lifetime } from './lifetime';
import { urlCredentials } from './requestUrl';
import type { HttpHeader } from './types';

/** Room for the head of a response, in bytes; some services send long cookies and policies. */
const MAX_HEAD_BYTES = 256 * 1024;

/** What goes out to one server. */
export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly headers: HeaderList;
  readonly body: Uint8Array | undefined;
}

/** What comes back: the body has not begun to flow and must be read or destroyed. */
export interface Incoming {
  readonly status: number;
  /** All of them, names in lower case, one character a byte. */
  readonly headers: readonly HttpHeader[];
  readonly body: Readable;
}

/** The headers as sent: the client's, then what HTTP needs. No `connection`, no user agent. */
function completeHeaders({ headers, url, body, method }: Outgoing): HeaderList {
  let all = headers.withDefault('accept', '*/*').withDefault('host', url.host);
  const isEmpty = body === undefined || body.length === 0;
  // An announced encoding without a body would only leave the server waiting.
  if (isEmpty || method === 'CONNECT') all = all.without('transfer-encoding');
  else if (!all.has('transfer-encoding')) all = all.withDefault('content-length', String(body.length));
  // Two framings at once could be read in two ways.
  else all = all.without('content-length');
  if (all.get('transfer-encoding').some((value) => !/(^|,\s*)chunked$/i.test(value))) {
    throw new Error('transfer-encoding does not end in chunked');
  }
  for (const length of all.get('content-length')) {
    if (Number(length) !== (body?.length ?? 0)) throw new Error('content-length differs from the body');
  }
  return all;
}

/** A request whose head is not sent yet. Each has a connection of its own, so that none lives on. */
function openRequest({ method, url }: Outgoing): ClientRequest {
  const isSecure = url.protocol === 'https:';
  const request = (isSecure ? requestHttps : requestHttp)({
    method,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
    path: method === 'CONNECT' ? authority(url) : url.pathname + url.search,
    agent: false,
    setHost: false,
    maxHeaderSize: MAX_HEAD_BYTES,
  });
  // Node would have put it into upper case.
  request.method = method;
  // And would add each of these on its own account.
  for (const name of ['connection', 'content-length', 'transfer-encoding']) request.removeHeader(name);
  return request;
}

function authority(url: URL): string {
  return url.port === '' ? `${url.hostname}:${url.protocol === 'https:' ? 443 : 80}` : url.host;
}

function pairs(rawHeaders: readonly string[]): HttpHeader[] {
  const headers: HttpHeader[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    headers.push({ name: (rawHeaders[index] ?? '').toLowerCase(), value: rawHeaders[index + 1] ?? '' });
  }
  return headers;
}

function incoming(message: IncomingMessage, body: Readable = message): Incoming {
  return { status: message.statusCode ?? 0, headers: pairs(message.rawHeaders), body };
}

/** Sends one request and waits for the head of its response. Rejects with the system's or parser's error. */
export function exchange(outgoing: Outgoing, lifetime: Lifetime): Promise<Incoming> {
  return new Promise((resolve, reject) => {
    lifetime.signal.throwIfAborted();
    const headers = completeHeaders(outgoing);
    const request = openRequest(outgoing);
    for (const [name, values] of headers.grouped()) request.setHeader(name, values);
    const letGo = lifetime.onEnd((reason) => request.destroy(reason));
    const settle = (result: Incoming) => {
      letGo();
      resolve(result);
    };
    request.once('response', (message: IncomingMessage) => settle(incoming(message)));
    // Nobody here speaks another protocol: the answer counts, the connection is let go.
    const hangUp = (message: IncomingMessage, socket: Duplex) => {
      socket.destroy();
      settle(incoming(message, Readable.from([])));
    };
    request.once('upgrade', hangUp);
    request.once('connect', hangUp);
    // Stays on: a server that answers early and hangs up makes the rest of the body fail.
    request.on('error', (error) => {
      letGo();
      reject(error);
    });
    request.end(outgoing.body);
  });
}

/** The headers with the name and password of the URL, unless the client gave others. */
export function withUrlCredentials(headers: HeaderList, url: URL): HeaderList {
  return headers.withDefault('authorization', urlCredentials(url));
}
