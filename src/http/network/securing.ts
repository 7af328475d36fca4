import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import type { Variables } from '../types';
import { hostOf } from './target';
import { Trust } from './trust';

/** Application protocols of TLS. */
export type Protocol = 'http/1.1' | 'h2';

/** TLS that is ready to be spoken over. */
export interface Secured {
  readonly secured: Duplex;
  readonly protocol: Protocol;
}

/** Speaks TLS with those whom this machine trusts. */
export class Securing {
  private readonly trust: Trust;

  /** @param env says whom to trust; asked each time */
  constructor(env: () => Variables) {
    this.trust = new Trust(env);
  }

  /**
   * TLS over a socket that is connected to the server of a URL.
   * @param hold told of the new socket, which owns the one below
   * @throws Error in the system's words, or one that names the variable whose file cannot be used
   */
  async secure(
    socket: Duplex,
    url: URL,
    { protocols, isVerified }: { readonly protocols: readonly Protocol[]; readonly isVerified: boolean },
    hold: <S extends Duplex>(socket: S) => S,
  ): Promise<Secured> {
    const host = hostOf(url);
    const secured = hold(
      connect({
        socket,
        host,
        servername: isIP(host) === 0 ? host : '',
        secureContext: await this.trust.context(),
        ALPNProtocols: [...protocols],
        ...(isVerified ? {} : { rejectUnauthorized: false }),
      }),
    );
    return new Promise((resolve, reject) => {
      secured.once('error', reject);
      secured.once('close', () => reject(new Error('the connection was closed')));
      secured.once('secureConnect', () =>
        resolve({ secured, protocol: secured.alpnProtocol === 'h2' ? 'h2' : 'http/1.1' }),
      );
    });
  }
}
