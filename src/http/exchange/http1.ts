import { ClientRequest, type IncomingMessage } from 'node:http';
import { Readable, type Duplex } from 'node:stream';
import type { Lifetime } from '../lifetime';
import type { Route } from '../network/network';
import { authorityOf } from '../network/target';
import { MAX_HEAD_BYTES, pairs, type HttpIncoming, type Outgoing } from './message';
import { http1Headers } from './requestHead';

/** The first line's middle: a proxy that reads requests is told the whole URL. */
function targetOf({ method, url }: Outgoing, { proxy }: Route): string {
  if (method === 'CONNECT') return authorityOf(url);
  return (proxy ? url.origin : '') + url.pathname + url.search;
}

/**
 * A request whose head is not sent yet, on a connection of its own, so that none lives on. Not Node's `request()`,
 * which an editor replaces by one that looks for a proxy itself. Nor undici: it writes `connection` and `host` in its own
 * places, and the headers shall go out as the client wrote them.
 */
function openRequest(outgoing: Outgoing, connection: Route): ClientRequest {
  const request = new ClientRequest({
    method: outgoing.method,
    path: targetOf(outgoing, connection),
    createConnection: () => connection.socket,
    setHost: false,
    maxHeaderSize: MAX_HEAD_BYTES,
    // Servers as they are: a length beside chunks, bare line feeds. What follows on a connection of one request harms nobody.
    insecureHTTPParser: true,
  });
  // The head has a bound in bytes; Node would drop headers beyond the 2,000th without a word.
  request.maxHeadersCount = 0;
  // Node would have put it into upper case.
  request.method = outgoing.method;
  // And would add each of these on its own account.
  for (const name of ['connection', 'content-length', 'transfer-encoding']) request.removeHeader(name);
  return request;
}

function incoming(message: IncomingMessage, body: Readable = message): HttpIncoming {
  return { status: message.statusCode ?? 0, headers: pairs(message.rawHeaders), body };
}

/** Sends one request and waits for the head of its response. Rejects with the system's or parser's error. */
export function exchangeHttp1(
  outgoing: Outgoing,
  connection: Route,
  lifetime: Lifetime,
): Promise<HttpIncoming> {
  return new Promise((resolve, reject) => {
    const headers = http1Headers(outgoing, connection.proxy);
    const request = openRequest(outgoing, connection);
    for (const [name, values] of headers.grouped()) request.setHeader(name, values);
    const letGo = lifetime.onEnd((reason) => request.destroy(reason));
    const settle = (result: HttpIncoming) => {
      letGo();
      resolve(result);
    };
    request.once('response', (message: IncomingMessage) => {
      if ((message.statusCode ?? 0) >= 100) return settle(incoming(message));
      request.destroy(new Error(`the server answered with status ${message.statusCode ?? 0}`));
    });
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
      reject(inWords(error));
    });
    request.end(outgoing.body);
  });
}

function inWords(error: NodeJS.ErrnoException): Error {
  if (error.code !== 'HPE_HEADER_OVERFLOW') return error;
  return new Error(`the head of the response is larger than the limit of ${MAX_HEAD_BYTES} bytes`);
}
