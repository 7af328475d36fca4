import type { LookupAddress } from 'node:dns';
import { Socket, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { reasonText } from '../httpError';
import type { Lifetime } from '../lifetime';
import type { Variables } from '../types';
import type { LookUp } from './lookUp';
import type { Proxy } from './proxy';
import { proxyFor, type ProxySettings } from './proxyChoice';
import { authorityOf, hostOf, portOf } from './target';
import type { Protocol, Secured, Securing } from './securing';

/** A way to the server of a URL. */
export interface Route {
  readonly socket: Duplex;
  readonly protocol: Protocol;
  /** A proxy that reads the requests itself, instead of passing on what it cannot read. */
  readonly proxy: Proxy | undefined;
}

export interface NetworkOptions {
  /** The environment as it is now: proxies and certificates are taken from it. */
  readonly env: () => Variables;
  readonly lookUp: LookUp;
  /** Asked for each request. */
  readonly proxySettings?: (() => ProxySettings | undefined) | undefined;
}

const LOOPBACK: LookupAddress[] = [
  { address: '::1', family: 6 },
  { address: '127.0.0.1', family: 4 },
];

/** The network as this machine is set up: its names, its proxies, and whom it trusts. */
export class Network {
  private securing: Promise<Securing> | undefined;

  constructor(private readonly options: NetworkOptions) {}

  /**
   * Opens a new connection to the server of an http or https URL.
   * @param protocols what may be spoken over TLS, what is liked best first
   * @throws Error in words for the client, without credentials; the lifetime's reason if that is over first
   */
  async open(url: URL, protocols: readonly Protocol[], lifetime: Lifetime): Promise<Route> {
    let current: Duplex | undefined;
    let over: Error | undefined;
    let letGo: () => void = () => undefined;
    const end = new Promise<never>((_resolve, reject) => {
      letGo = lifetime.onEnd((reason) => {
        over = reason;
        reject(reason);
        current?.destroy();
      });
    });
    /** Every socket on the way there; the last one owns those below it. */
    const hold = <S extends Duplex>(socket: S): S => {
      current = socket;
      // Whoever waits for it hears of errors; later ones must not end the process.
      socket.on('error', () => undefined);
      if (over) socket.destroy();
      return socket;
    };
    try {
      return await Promise.race([end, this.connect(url, protocols, hold)]);
    } catch (error) {
      current?.destroy();
      throw error;
    } finally {
      letGo();
    }
  }

  private async connect(
    url: URL,
    protocols: readonly Protocol[],
    hold: <S extends Duplex>(socket: S) => S,
  ): Promise<Route> {
    const { env, proxySettings } = this.options;
    const proxy = proxyFor(url, env(), proxySettings?.());
    const isSecure = url.protocol === 'https:';
    const socket = proxy ? await this.toProxy(proxy, hold) : await this.plain(url, hold);
    if (!isSecure) return { socket, protocol: 'http/1.1', proxy };
    const through = proxy ? hold(await tunnel(socket, url, proxy)) : socket;
    const { secured, protocol } = await this.secure(through, url, { protocols, isVerified: true }, hold);
    return { socket: secured, protocol, proxy: undefined };
  }

  /** Its parts are loaded when they are first needed: most servers are never asked for a page. */
  private async secure(...way: Parameters<Securing['secure']>): Promise<Secured> {
    this.securing ??= import('./securing').then(({ Securing }) => new Securing(this.options.env));
    return (await this.securing).secure(...way);
  }

  private async toProxy(proxy: Proxy, hold: <S extends Duplex>(socket: S) => S): Promise<Duplex> {
    try {
      const socket = await this.plain(proxy.url, hold);
      if (proxy.url.protocol === 'http:') return socket;
      const { isVerified } = proxy;
      return (await this.secure(socket, proxy.url, { protocols: ['http/1.1'], isVerified }, hold)).secured;
    } catch (error) {
      throw new Error(`the proxy of ${proxy.source} cannot be reached: ${reasonText(error)}`, {
        cause: error,
      });
    }
  }

  private plain(url: URL, hold: <S extends Duplex>(socket: S) => S): Promise<Duplex> {
    const socket = hold(new Socket());
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the connection was closed')));
      socket.once('connect', () => resolve(socket));
      socket.connect({
        host: hostOf(url),
        port: portOf(url),
        noDelay: true,
        autoSelectFamily: true,
        lookup: this.lookup,
      });
    });
  }

  private readonly lookup: LookupFunction = (name, _options, callback) => {
    this.addressesOf(name).then(
      (addresses) => callback(null, [...addresses]),
      (error: unknown) => callback(error as NodeJS.ErrnoException, []),
    );
  };

  /** RFC 6761: localhost is this machine, whatever a name server says. */
  private async addressesOf(name: string): Promise<readonly LookupAddress[]> {
    return /(^|\.)localhost\.?$/i.test(name) ? LOOPBACK : this.options.lookUp(name);
  }
}

async function tunnel(socket: Duplex, url: URL, { authorization }: Proxy): Promise<Duplex> {
  const { openTunnel } = await import('./tunnel');
  return openTunnel(socket, authorityOf(url), authorization);
}
