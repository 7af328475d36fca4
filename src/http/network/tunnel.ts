import { ClientRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Has a proxy pass everything on to `authority`, HOST:PORT, from now on.
 * @param socket to the proxy; owned by the caller
 * @throws Error with the proxy's status if it will not, or the socket's error
 */
export function openTunnel(
  socket: Duplex,
  authority: string,
  authorization: string | undefined,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    // Not `request()`: an editor replaces that by one that looks for a proxy itself.
    const request = new ClientRequest({
      method: 'CONNECT',
      path: authority,
      createConnection: () => socket,
      setHost: false,
      insecureHTTPParser: true,
    });
    request.removeHeader('connection');
    request.setHeader('Host', authority);
    if (authorization !== undefined) request.setHeader('Proxy-Authorization', authorization);
    request.once('error', reject);
    request.once('connect', ({ statusCode = 0 }: IncomingMessage, tunnel: Duplex, early: Buffer) => {
      if (statusCode < 200 || statusCode > 299) return reject(new Error(refusal(statusCode)));
      if (early.length > 0) tunnel.unshift(early);
      resolve(tunnel);
    });
    request.end();
  });
}

function refusal(status: number): string {
  const why = status === 407 ? ': it wants other credentials, or any' : '';
  return `the proxy refuses the connection with status ${status}${why}`;
}
