import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { EnvironmentInfo } from '../protocol';
import { CloseCode, WsTransport } from '../rpc';
import type { ServerBackend } from './backend';
import { Connection } from './connection';
import { DialectChoice } from './dialects/choice';
import { DEFAULT_LIMITS, type ServerLimits } from './limits';
import { Listener } from './listener';
import type { Logger } from './logger';
import { SessionRegistry } from './sessionRegistry';
import { newToken } from './token';

export interface ExecServerOptions {
  /** A loopback IP literal, `127.0.0.1` or `::1`. */
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly auth: { readonly type: 'token'; readonly token?: string } | { readonly type: 'none' };
  readonly backend: ServerBackend;
  readonly environmentInfo: () => EnvironmentInfo;
  readonly limits?: Partial<ServerLimits>;
  readonly log: Logger;
}

/** A client as people see it: a session, with or without a connection. */
export interface ClientInfo {
  /** The session's id, which is also the id of its processes' owner. */
  readonly id: string;
  /** What the client calls itself; untrusted text. */
  readonly name: string;
  readonly connected: boolean;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** The exec-server: one listener, its connections and their sessions. Emits `clients` when `clients` has changed. */
export class ExecServer extends EventEmitter<{ clients: [] }> {
  private readonly limits: ServerLimits;
  private readonly sessions: SessionRegistry;
  private readonly connections = new Set<Connection>();
  private currentToken: string | undefined;
  private listener!: Listener;
  private closed: Promise<void> | undefined;

  private constructor(private readonly options: ExecServerOptions) {
    super();
    const { auth, backend, log } = options;
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.currentToken = auth.type === 'token' ? (auth.token ?? newToken()) : undefined;
    this.sessions = new SessionRegistry(backend, this.limits, log, () => this.emit('clients'));
  }

  /** Rejects with a sentence when it cannot listen, for example because the port is in use. */
  static async listen(options: ExecServerOptions): Promise<ExecServer> {
    const server = new ExecServer(options);
    const { host, port } = options;
    server.listener = await Listener.listen({
      host,
      port,
      token: () => server.currentToken,
      limits: server.limits,
      accept: (...connection) => server.accept(...connection),
    });
    options.log.info(`listening on ${server.maskedUrl}`);
    return server;
  }

  get port(): number {
    return this.listener.port;
  }

  /** Undefined with `auth: none`. */
  get token(): string | undefined {
    return this.currentToken;
  }

  /** For the client; whoever has it can run commands. */
  get url(): string {
    return this.urlWith(this.currentToken);
  }

  /** For logs and screens. */
  get maskedUrl(): string {
    return this.urlWith(this.currentToken === undefined ? undefined : '…');
  }

  get clients(): readonly ClientInfo[] {
    return this.sessions
      .list()
      .map(({ id, name, isAttached, since }) => ({ id, name, connected: isAttached, since }));
  }

  /** A new token at once; all clients are disconnected and their processes ended. No effect without a token. */
  async renewToken(): Promise<void> {
    if (this.currentToken === undefined) return;
    this.currentToken = newToken();
    this.options.log.info('the token was renewed; all clients are disconnected');
    await this.endAll(CloseCode.goingAway, 'token renewed');
  }

  /** No new work; ends all processes by the ladder, within 3 s, then the listener. May be called again. */
  close(): Promise<void> {
    return (this.closed ??= this.shutDown());
  }

  private async shutDown(): Promise<void> {
    this.sessions.close();
    // The listener stays until the processes have ended, so that a client's resume is refused at once.
    await this.endAll(CloseCode.goingAway, 'server is shutting down');
    await this.listener.close();
    this.options.log.info('the server has stopped');
  }

  private async endAll(code: CloseCode, reason: string): Promise<void> {
    const { shutdownGraceMs: graceMs, shutdownMs } = this.limits;
    const ended = this.sessions.endAll({ from: 'terminate', graceMs, by: 'shutdown' });
    for (const connection of this.connections) connection.close(code, reason);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, shutdownMs)));
    await Promise.race([ended, late]);
    clearTimeout(timer);
  }

  private urlWith(token: string | undefined): string {
    const { host } = this.options;
    const literal = host.includes(':') ? `[${host}]` : host;
    return `ws://${literal}:${this.port}${token === undefined ? '' : `/${token}`}`;
  }

  private accept(socket: WebSocket, carrier: Duplex, peerName: string): void {
    const { environmentInfo, log } = this.options;
    const transport = new WsTransport(socket, carrier, peerName, {
      message: (data) => connection.peer.receive(data),
      drained: () => connection.drained(),
      closed: (code, reason) => {
        clearInterval(pings);
        this.connections.delete(connection);
        connection.end();
        log.info(`connection ${peerName} ended (${code}${reason === '' ? '' : `, ${reason}`})`);
      },
    });
    const { sessions, limits } = this;
    const connection = new Connection(
      transport,
      (scope) => new DialectChoice({ scope, sessions, environmentInfo }),
      limits,
    );
    const pings = setInterval(() => socket.ping(), limits.pingEveryMs).unref();
    this.connections.add(connection);
    log.info(`connection ${peerName} accepted`);
  }
}
