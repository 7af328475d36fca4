import type { Lifetime } from '../lifetime';
import type { Network } from '../network/network';
import { exchangeHttp1 } from './http1';
import { exchangeHttp2 } from './http2';
import type { HttpIncoming, Outgoing } from './message';

/** Sends one request and waits for the head of its response. Rejects with an error in words for the client. */
export async function exchange(
  outgoing: Outgoing,
  network: Network,
  lifetime: Lifetime,
): Promise<HttpIncoming> {
  lifetime.signal.throwIfAborted();
  // HTTP/2 as the reference speaks it: where the server chooses it. A tunnel is HTTP/1's.
  const protocols = outgoing.method === 'CONNECT' ? (['http/1.1'] as const) : (['h2', 'http/1.1'] as const);
  const connection = await network.open(outgoing.url, protocols, lifetime);
  try {
    const send = connection.protocol === 'h2' ? exchangeHttp2 : exchangeHttp1;
    return await send(outgoing, connection, lifetime);
  } catch (error) {
    connection.socket.destroy();
    throw error;
  }
}
