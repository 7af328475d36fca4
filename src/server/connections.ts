import type { EnvironmentInfo } from '../protocol';
import type { CloseCode, Transport, TransportEvents } from '../rpc';
import type { ServerBackend } from './backend';
import { Connection } from './connection';
import { DialectChoice } from './dialects/choice';
import { DEFAULT_LIMITS, type ServerLimits } from './limits';
import type { Logger } from './logger';
import { SessionRegistry } from './sessionRegistry';

/** What every server needs, whatever carries its messages. */
export interface ServiceOptions {
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

/** The connections of one server and the sessions behind them. */
export class Connections {
  readonly limits: ServerLimits;
  private readonly sessions: SessionRegistry;
  private readonly open = new Set<Connection>();

  /** @param changed called when `clients` has changed */
  constructor(
    private readonly options: ServiceOptions,
    changed: () => void,
  ) {
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.sessions = new SessionRegistry(options.backend, this.limits, options.log, changed);
  }

  get clients(): readonly ClientInfo[] {
    return this.sessions
      .list()
      .map(({ id, name, isAttached, since }) => ({ id, name, connected: isAttached, since }));
  }

  /**
   * Serves a new connection until it ends.
   * @param connect makes the transport; called once
   */
  accept(connect: (events: TransportEvents) => Transport, ended: () => void): void {
    const { environmentInfo, log } = this.options;
    const transport = connect({
      message: (data) => connection.peer.receive(data),
      drained: () => connection.drained(),
      closed: (code, reason) => {
        this.open.delete(connection);
        connection.end();
        log.info(`connection ${transport.peerName} ended (${code}${reason === '' ? '' : `, ${reason}`})`);
        ended();
      },
    });
    const { sessions, limits } = this;
    const connection = new Connection(
      transport,
      (scope) => new DialectChoice({ scope, sessions, environmentInfo }),
      limits,
    );
    this.open.add(connection);
    log.info(`connection ${transport.peerName} accepted`);
  }

  /** No new sessions from now on. */
  refuseNew(): void {
    this.sessions.close();
  }

  /** Ends all connections at once and their processes by the ladder, within 3 s. */
  async endAll(code: CloseCode, reason: string): Promise<void> {
    const { shutdownGraceMs: graceMs, shutdownMs } = this.limits;
    const ended = this.sessions.endAll({ from: 'terminate', graceMs, by: 'shutdown' });
    for (const connection of this.open) connection.close(code, reason);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, shutdownMs)));
    await Promise.race([ended, late]);
    clearTimeout(timer);
  }
}
