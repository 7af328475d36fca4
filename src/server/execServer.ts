import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { CloseCode, WsTransport } from '../rpc';
import type { Access } from './auth/access';
import { Connections, type ClientInfo, type ServiceOptions } from './connections';
import { isLoopbackAddress } from './gate';
import { Listener } from './listener';
import { newToken } from './token';

export interface ExecServerOptions extends ServiceOptions {
  /** An IP literal; one that is not loopback needs `auth` of type `bearer`. */
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Without a token in it, `token` makes one. */
  readonly auth: Access | { readonly type: 'token' };
}

/** The exec-server: one listener, its connections and their sessions. Emits `clients` when `clients` has changed. */
export class ExecServer extends EventEmitter<{ clients: [] }> {
  private readonly connections: Connections;
  private access: Access;
  private listener!: Listener;
  private closed: Promise<void> | undefined;

  private constructor(private readonly options: ExecServerOptions) {
    super();
    const { auth } = options;
    this.access = auth.type === 'token' ? { token: newToken(), ...auth } : auth;
    this.connections = new Connections(options, () => this.emit('clients'));
  }

  /** Rejects with a sentence when it cannot or must not listen, for example because the port is in use. */
  static async listen(options: ExecServerOptions): Promise<ExecServer> {
    const { host, port, auth } = options;
    if (!isLoopbackAddress(host) && auth.type !== 'bearer') throw new Error(notLoopback(host));
    const server = new ExecServer(options);
    server.listener = await Listener.listen({
      host,
      port,
      access: () => server.access,
      limits: server.connections.limits,
      accept: (...connection) => server.accept(...connection),
    });
    options.log.info(`listening on ${server.maskedUrl}`);
    return server;
  }

  get port(): number {
    return this.listener.port;
  }

  /** Undefined unless `auth` is of type `token`. */
  get token(): string | undefined {
    return this.access.type === 'token' ? this.access.token : undefined;
  }

  /** For the client; whoever has it can run commands. */
  get url(): string {
    return this.urlWith(this.token);
  }

  /** For logs and screens. */
  get maskedUrl(): string {
    return this.urlWith(this.token === undefined ? undefined : '…');
  }

  get clients(): readonly ClientInfo[] {
    return this.connections.clients;
  }

  /** A new token at once; all clients are disconnected and their processes ended. No effect without a token. */
  async renewToken(): Promise<void> {
    if (this.access.type !== 'token') return;
    this.access = { type: 'token', token: newToken() };
    this.options.log.info('the token was renewed; all clients are disconnected');
    await this.connections.endAll(CloseCode.goingAway, 'token renewed');
  }

  /** No new work; ends all processes by the ladder, within 3 s, then the listener. May be called again. */
  close(): Promise<void> {
    return (this.closed ??= this.shutDown());
  }

  private async shutDown(): Promise<void> {
    this.connections.refuseNew();
    // The listener stays until the processes have ended, so that a client's resume is refused at once.
    await this.connections.endAll(CloseCode.goingAway, 'server is shutting down');
    await this.listener.close();
    this.options.log.info('the server has stopped');
  }

  private urlWith(token: string | undefined): string {
    const { host } = this.options;
    const literal = host.includes(':') ? `[${host}]` : host;
    return `ws://${literal}:${this.port}${token === undefined ? '' : `/${token}`}`;
  }

  private accept(socket: WebSocket, carrier: Duplex, peerName: string): void {
    const { pingEveryMs } = this.connections.limits;
    const pings = setInterval(() => socket.ping(), pingEveryMs).unref();
    this.connections.accept(
      (events) => new WsTransport(socket, carrier, peerName, events),
      () => clearInterval(pings),
    );
  }
}

function notLoopback(host: string): string {
  return (
    `\`${host}\` is not a loopback address: others on the network could run commands here. ` +
    'Add --ws-auth capability-token or --ws-auth signed-bearer-token, or listen on 127.0.0.1 or [::1] ' +
    'and forward the port, for example with ssh -L.'
  );
}
