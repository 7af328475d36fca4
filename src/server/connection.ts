import type { BufferPool } from '../environment';
import { encodeNotification, CloseCode, Peer, type Memory, type PeerHandler, type Transport } from '../rpc';
import type { ServerLimits } from './limits';
import { BackpressuredSink } from './sessions/notificationSink';

/** What a dialect may do with its connection. */
export interface ConnectionScope {
  readonly sink: BackpressuredSink;
  /** The client has introduced itself in time. */
  initialized(): void;
  notify(method: string, params: unknown): void;
}

/** What answers on a connection until that ends. */
export interface ConnectionHandler extends PeerHandler {
  /** The connection has ended. */
  end(): void;
}

/** One client's connection: its transport, its peer, and what answers on it. */
export class Connection {
  readonly peer: Peer;
  private readonly sink: BackpressuredSink;
  private readonly handler: ConnectionHandler;
  private readonly initializeTimer: NodeJS.Timeout;

  /**
   * @param speak creates the request handler for this connection; called once
   * @param messages where the memory of messages is from
   * @param memory counts its requests and replies
   */
  constructor(
    private readonly transport: Transport,
    speak: (scope: ConnectionScope) => ConnectionHandler,
    limits: ServerLimits,
    messages: BufferPool,
    memory: Memory,
  ) {
    this.sink = new BackpressuredSink(transport, limits.pauseOutputBytes, messages);
    const { initializeMs, inFlight, queued, messageBytes, holdRequestsBytes } = limits;
    const late = `no initialize within ${initializeMs / 1000} s`;
    this.initializeTimer = setTimeout(() => this.close(CloseCode.policy, late), initializeMs).unref();
    this.handler = speak({
      sink: this.sink,
      initialized: () => clearTimeout(this.initializeTimer),
      notify: (method, params) => this.transport.send(encodeNotification(method, params)),
    });
    // Replies alone never have as much unsent, so that a kill is read whatever is not.
    const stopReadingBytes = holdRequestsBytes + messageBytes;
    const bounds = { inFlight, queued, messageBytes, stopReadingBytes, holdBytes: holdRequestsBytes };
    this.peer = new Peer(transport, this.handler, bounds, memory);
  }

  drained(): void {
    this.sink.drained();
    this.peer.drained();
  }

  /** The transport has ended. */
  end(): void {
    clearTimeout(this.initializeTimer);
    this.peer.end();
    this.handler.end();
  }

  close(code: CloseCode, reason: string): void {
    this.transport.close(code, reason);
  }
}
