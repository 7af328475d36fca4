import { BufferPool, hostEnvironment, type PoolSizes } from '../environment';
import { lookUpHere, LookUpProcess, Network, type ProxySettings } from '../http';
import type { EnvironmentInfo } from '../protocol';
import type { CloseCode, Memory, Transport, TransportEvents } from '../rpc';
import type { Happened } from './activity';
import type { ServerBackend } from './backend';
import { Budget } from './budget';
import { Connection } from './connection';
import { DialectChoice } from './dialects/choice';
import { completeLimits, type ServerLimits } from './limits';
import type { Logger } from './logger';
import { SessionRegistry } from './sessions/sessionRegistry';

/** What every server needs, whatever carries its messages. */
export interface ServiceOptions {
  readonly backend: ServerBackend;
  readonly environmentInfo: () => EnvironmentInfo;
  readonly limits?: Partial<ServerLimits>;
  readonly log: Logger;
  readonly network?: NetworkFacts;
  /** Told what clients do besides running commands, and who may not become one. */
  readonly happened?: Happened;
  /** Called each time that much of what clients had the server hold is given back. */
  readonly memoryFreed?: () => void;
}

/** How requests of clients get to other machines, beside what the environment says. */
export interface NetworkFacts {
  /** The script that calls `answerLookUps`. Without it names are looked up in this process, few at a time. */
  readonly lookUpProgram?: string;
  /** The proxy settings of the program around this server; asked for each request. */
  readonly proxySettings?: () => ProxySettings | undefined;
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
  /** When it and its processes end unless it comes back, in ms since 1970; null while nothing is to end it. */
  readonly endsAt: number | null;
}

/**
 * For notifications: a piece holds 64 KiB of output as base64 with what stands around it. What lies ready is a little
 * more than one connection has unsent when its process is paused.
 */
const MESSAGE_SIZES: PoolSizes = { pieceBytes: 96 * 1024, worthBytes: 16 * 1024, maxFree: 16 };

/** The connections of one server and the sessions behind them. */
export class Connections {
  readonly limits: ServerLimits;
  private readonly sessions: SessionRegistry;
  private readonly open = new Set<Connection>();
  private readonly names: LookUpProcess | undefined;
  private readonly network: Network;
  private readonly budget: Budget;
  /** For requests of other protocols. */
  readonly doorMemory: Memory;
  private readonly messages = new BufferPool(MESSAGE_SIZES);

  /** @param changed called when `clients` has changed */
  constructor(
    private readonly options: ServiceOptions,
    changed: () => void,
  ) {
    this.limits = completeLimits(options.limits);
    this.budget = new Budget(this.limits.heldBytes, 'all clients together', undefined, options.memoryFreed);
    const { heldBytesPerConnection } = this.limits;
    this.doorMemory = new Budget(heldBytesPerConnection, 'requests of other protocols', this.budget);
    this.sessions = new SessionRegistry({ ...options, limits: this.limits, budget: this.budget }, changed);
    const { lookUpProgram, proxySettings } = options.network ?? {};
    this.names = lookUpProgram === undefined ? undefined : new LookUpProcess(lookUpProgram);
    this.network = new Network({
      env: () => hostEnvironment(process.env),
      lookUp: this.names?.lookUp ?? lookUpHere,
      proxySettings,
    });
  }

  get clients(): readonly ClientInfo[] {
    return this.sessions.list().map((session) => {
      const { id, name, isAttached: connected, since } = session;
      return { id, name, connected, since, endsAt: this.sessions.endsAt(session) };
    });
  }

  /** A client without a connection is waited for until it comes back; without effect on others. */
  keep(id: string): void {
    this.sessions.keep(id);
  }

  /** Ends what a client without a connection has left, by the ladder; without effect on others. */
  endDetached(id: string): Promise<void> {
    return this.sessions.endDetached(id, this.limits.shutdownGraceMs);
  }

  /** Ends a client that is connected, and what it runs, by the ladder; without effect on others. */
  disconnect(id: string): Promise<void> {
    return this.sessions.disconnect(id, this.limits.shutdownGraceMs);
  }

  /**
   * Serves a new connection until it ends.
   * @param connect makes the transport, which counts what it holds; called once
   */
  accept(connect: (events: TransportEvents, memory: Memory) => Transport, ended: () => void): void {
    const { environmentInfo, log } = this.options;
    const { sessions, limits, network } = this;
    const budget = new Budget(limits.heldBytesPerConnection, 'this connection', this.budget);
    const events: TransportEvents = {
      message: (data) => connection.peer.receive(data),
      drained: () => connection.drained(),
      sent: (message) => this.messages.release(message),
      closed: (code, reason) => {
        this.open.delete(connection);
        connection.end();
        budget[Symbol.dispose]();
        incoming[Symbol.dispose]();
        log.info(`connection ${transport.peerName} ended (${code}${reason === '' ? '' : `, ${reason}`})`);
        ended();
      },
    };
    // Beside the rest, so that a client with much under way need not fear for its connection.
    const incoming = new Budget(limits.messageBytes, 'this connection', this.budget);
    const transport = connect(events, incoming);
    const connection = new Connection(
      transport,
      (scope) => new DialectChoice({ scope, sessions, environmentInfo, network, budget }),
      limits,
      this.messages,
      budget,
    );
    this.open.add(connection);
    log.info(`connection ${transport.peerName} accepted`);
  }

  /** No new sessions from now on. */
  refuseNew(): void {
    this.sessions.close();
    this.names?.[Symbol.dispose]();
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
