import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { CloseCode, LineTransport, WsTransport } from '../rpc';
import { TurnedAway } from './activity';
import type { Access } from './auth/access';
import { Connections, type ClientInfo, type ServiceOptions } from './connections';
import { isLoopbackAddress } from './listen/gate';
import type { HttpDoor } from './listen/httpDoor';
import type { Listener } from './listen/listener';
import { newToken } from './auth/token';

export interface ExecServerOptions extends ServiceOptions {
  /** An IP literal; one that is not loopback needs `auth` of type `bearer`. */
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Without a token in it, `token` makes one. */
  readonly auth: Access | { readonly type: 'token' };
  /** Other protocols on the same port, none when absent. */
  readonly doors?: readonly HttpDoor[];
}

/** The exec-server: one listener, its connections and their sessions. Emits `clients` when `clients` has changed. */
export class ExecServer extends EventEmitter<{ clients: [] }> {
  private readonly connections: Connections;
  private readonly doors: readonly HttpDoor[];
  private readonly unsubscribe: (() => void)[] = [];
  private access: Access;
  private listener!: Listener;
  private closed: Promise<void> | undefined;
  private streams = 0;
  private readonly turnedAway = new TurnedAway((status, peer, times) => {
    const { log, happened } = this.options;
    log.info(`turned away ${peer}: ${status}${times > 1 ? `, ${times} times in a second` : ''}`);
    happened?.({ kind: 'turnedAway', status, peer, times });
  });

  private constructor(private readonly options: ExecServerOptions) {
    super();
    const { auth } = options;
    this.access = auth.type === 'token' ? { token: newToken(), ...auth } : auth;
    this.connections = new Connections(options, () => this.emit('clients'));
    this.doors = options.doors ?? [];
    for (const door of this.doors) this.unsubscribe.push(door.onDidChange(() => this.emit('clients')));
  }

  /** Rejects with a sentence when it cannot or must not listen, for example because the port is in use. */
  static async listen(options: ExecServerOptions): Promise<ExecServer> {
    const { host, port, auth } = options;
    if (!isLoopbackAddress(host) && auth.type !== 'bearer') throw new Error(notLoopback(host));
    // A server on stdin and stdout does without it.
    const { Listener } = await import('./listen/listener');
    const server = new ExecServer(options);
    server.listener = await Listener.listen({
      host,
      port,
      access: () => server.access,
      limits: server.connections.limits,
      doors: server.doors,
      memory: server.connections.doorMemory,
      judged: (status, peer) => server.turnedAway.note(status, peer),
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
    return [...this.connections.clients, ...this.doors.flatMap((door) => door.clients)];
  }

  /** A client without a connection is waited for until it comes back; without effect on others. */
  keepClient(id: string): void {
    this.connections.keep(id);
  }

  /** Ends what a client without a connection has left, by the ladder; without effect on others. */
  endClient(id: string): Promise<void> {
    return this.connections.endDetached(id);
  }

  /** Ends the connection of a client and what it runs, by the ladder; without effect on those without one. */
  async disconnectClient(id: string): Promise<void> {
    await Promise.all([this.connections.disconnect(id), ...this.doors.map((door) => door.disconnect(id))]);
  }

  /**
   * Serves a client on a stream that nobody but this person can have opened, one message a line
   * (docs/protocol/transport.md#private-socket).
   *
   * @param stream may be paused
   * @param peerName who it is, for the log
   * @throws Error with a sentence when there is no room for it
   */
  acceptStream(stream: Duplex, peerName: string): void {
    const { connections: most, messageBytes } = this.connections.limits;
    if (this.closed) throw new Error('The server is shutting down.');
    if (this.streams >= most) throw new Error(`Too many connections: the limit is ${most}.`);
    this.streams++;
    this.connections.accept(
      (events) => new LineTransport(stream, stream, events, { peerName, messageBytes }),
      () => this.streams--,
    );
    stream.resume();
  }

  /** A new token at once; all clients are disconnected and their processes ended. No effect without a token. */
  async renewToken(): Promise<void> {
    if (this.access.type !== 'token') return;
    this.access = { type: 'token', token: newToken() };
    this.options.log.info('the token was renewed; all clients are disconnected');
    await this.endAll('token renewed');
  }

  /** No new work; ends all processes by the ladder, within 3 s, then the listener. May be called again. */
  close(): Promise<void> {
    return (this.closed ??= this.shutDown());
  }

  private async shutDown(): Promise<void> {
    this.connections.refuseNew();
    // The listener stays until the processes have ended, so that a client's resume is refused at once.
    await this.endAll('server is shutting down');
    for (const stop of this.unsubscribe) stop();
    this.turnedAway[Symbol.dispose]();
    await this.listener.close();
    this.options.log.info('the server has stopped');
  }

  private async endAll(reason: string): Promise<void> {
    const ended = this.doors.map((door) => door.end());
    await Promise.all([this.connections.endAll(CloseCode.goingAway, reason), ...ended]);
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
      (events, memory) => new WsTransport(socket, carrier, peerName, events, memory),
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
