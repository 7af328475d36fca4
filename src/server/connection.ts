import { encodeNotification, CloseCode, Peer, type PeerHandler, type Transport } from '../rpc';
import type { ServerLimits } from './limits';
import { ThrottledOutlet } from './outlet';

/** What a dialect may do with its connection. */
export interface ConnectionScope {
  readonly outlet: ThrottledOutlet;
  /** The client has introduced itself in time. */
  initialized(): void;
  notify(method: string, params: unknown): void;
}

/** One side of a conversation: handles messages until the connection ends. */
export interface Dialect extends PeerHandler {
  /** The connection has ended. */
  end(): void;
}

/** One client's connection: its transport, its peer, and the dialect that it speaks. */
export class Connection {
  readonly peer: Peer;
  private readonly outlet: ThrottledOutlet;
  private readonly dialect: Dialect;
  private readonly initializeTimer: NodeJS.Timeout;

  /** @param speak makes the dialect; called once */
  constructor(
    private readonly transport: Transport,
    speak: (scope: ConnectionScope) => Dialect,
    limits: ServerLimits,
  ) {
    this.outlet = new ThrottledOutlet(transport, limits.pauseOutputBytes);
    const { initializeMs, inFlight, queued, messageBytes, holdRequestsBytes } = limits;
    const late = `no initialize within ${initializeMs / 1000} s`;
    this.initializeTimer = setTimeout(() => this.close(CloseCode.policy, late), initializeMs).unref();
    this.dialect = speak({
      outlet: this.outlet,
      initialized: () => clearTimeout(this.initializeTimer),
      notify: (method, params) => this.transport.send(encodeNotification(method, params)),
    });
    const stopReadingBytes = 2 * messageBytes;
    const pendingBytes = 4 * messageBytes;
    const holdBytes = holdRequestsBytes;
    const bounds = { inFlight, queued, messageBytes, pendingBytes, stopReadingBytes, holdBytes };
    this.peer = new Peer(transport, this.dialect, bounds);
  }

  drained(): void {
    this.outlet.drained();
    this.peer.drained();
  }

  /** The transport has ended. */
  end(): void {
    clearTimeout(this.initializeTimer);
    this.peer.end();
    this.dialect.end();
  }

  close(code: CloseCode, reason: string): void {
    this.transport.close(code, reason);
  }
}
