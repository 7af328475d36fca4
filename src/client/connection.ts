import { encodeNotification, type Transport, type TransportEvents } from '../rpc';
import { ErrorCode, execServer, type EnvironmentInfo } from '../protocol';
import type { Connector } from './connector';
import { ConnectError } from './errors';
import { quote, readIncoming, type ServerMessage } from './incoming';
import { withTimeout } from './withTimeout';
import { isObject, messageOf } from '../values';

/** What the owner of a connection is told. */
export interface ConnectionEvents {
  message(message: ServerMessage): void;
  /** Once. `isFinal`: it would end the same way the next time. */
  dropped(reason: string, isFinal: boolean): void;
}

export interface ConnectionOptions {
  readonly connector: Connector;
  readonly clientName: string;
  readonly resumeSessionId: string | undefined;
  /** Ms until the transport must be open. */
  readonly connectTimeoutMs: number;
  /** Ms from then until `initialize` must be answered. */
  readonly initializeTimeoutMs: number;
  readonly signal: AbortSignal;
}

/** What a server tells in its answer to `initialize`. */
export interface InitializeResult {
  readonly sessionId: string;
  /** Absent where the server must be asked for it. */
  readonly environmentInfo: EnvironmentInfo | undefined;
}

/** The id of the handshake; calls have ids above it. */
const INITIALIZE_ID = 0;
/** What a program may print before it speaks the protocol, in bytes. */
const MAX_BANNER_BYTES = 64 * 1024;

/** One connection of a client, from the dial to its end: a transport on which the handshake has succeeded. */
export class Connection {
  readonly greeting: Promise<InitializeResult>;
  private transport: Transport | undefined;
  private owner: ConnectionEvents | undefined;
  private readonly early: ServerMessage[] = [];
  private end: { readonly reason: string; readonly isFinal: boolean } | undefined;
  private banner = '';
  private settle!: { resolve(greeting: InitializeResult): void; reject(error: ConnectError): void };

  private constructor(private readonly connector: Connector) {
    this.greeting = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    // Whoever dials looks at it; until then a refusal is nobody's failure.
    this.greeting.catch(() => undefined);
  }

  /** Rejects with a ConnectError; nothing of the attempt is left then. */
  static async dial(
    options: ConnectionOptions,
  ): Promise<{ connection: Connection; greeting: InitializeResult }> {
    const { connector, connectTimeoutMs, initializeTimeoutMs, signal } = options;
    const connection = new Connection(connector);
    const attempt = new AbortController();
    const abort = () => attempt.abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      if (signal.aborted) throw new ConnectError('the attempt was given up');
      const late = `it did not answer within ${connectTimeoutMs / 1000} s. Check the address and the network`;
      const open = connector.open(connection.transportEvents(), attempt.signal);
      connection.transport = await withTimeout(open, connectTimeoutMs, () => late, attempt.signal);
      connection.greet(options);
      const greeting = await withTimeout(
        connection.greeting,
        initializeTimeoutMs,
        () => connection.silence(initializeTimeoutMs),
        attempt.signal,
        (renew) => connector.onSign?.(renew),
      );
      connector.greeted?.();
      connection.transport.send(encodeNotification(execServer.handshake.INITIALIZED, {}));
      return { connection, greeting };
    } catch (error) {
      attempt.abort();
      connection.close('the handshake failed');
      // Whatever the end of a transport looks like that was closed for it.
      if (signal.aborted) throw new ConnectError('the attempt was given up');
      throw error instanceof ConnectError ? error : new ConnectError(messageOf(error));
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Everything that came meanwhile is handed over at once. */
  begin(owner: ConnectionEvents): void {
    this.owner = owner;
    for (const message of this.early.splice(0)) owner.message(message);
    if (this.end) owner.dropped(this.end.reason, this.end.isFinal);
  }

  send(message: string): void {
    this.transport?.send(message);
  }

  setReading(reading: boolean): void {
    this.transport?.setReading(reading);
  }

  close(reason: string): void {
    this.owner = undefined;
    this.transport?.close(1001, reason);
  }

  private greet({ clientName, resumeSessionId }: ConnectionOptions): void {
    const params = { clientName, resumeSessionId: resumeSessionId ?? null };
    const { name } = execServer.handshake.initialize;
    this.send(JSON.stringify({ id: INITIALIZE_ID, method: name, params }));
  }

  private transportEvents(): TransportEvents {
    return {
      message: (data) => this.receive(data),
      drained: () => undefined,
      closed: (code, reason) => this.closed(code, reason),
    };
  }

  private receive(data: Buffer): void {
    const message = readIncoming(data);
    if (!message) this.onGarbage(data);
    else if (message.kind !== 'notification' && message.id === INITIALIZE_ID) this.onAnswer(message);
    else if (this.owner) this.owner.message(message);
    else if (message.kind === 'notification') this.early.push(message);
  }

  private onGarbage(data: Buffer): void {
    const text = data.subarray(0, 1024).toString();
    if (this.owner) {
      const { owner } = this;
      this.close('not an exec-server message');
      return owner.dropped(`it sent ${quote(text)}, which is no message of an exec-server`, true);
    }
    if (this.banner.length < MAX_BANNER_BYTES) this.banner += `${text}\n`;
    if (this.connector.allowsBanner && this.banner.length < MAX_BANNER_BYTES) return;
    this.settle.reject(notAnExecServer(this.banner));
  }

  private onAnswer(message: Exclude<ServerMessage, { kind: 'notification' }>): void {
    if (message.kind === 'request') {
      const text = 'it sends back what it is sent: it is no exec-server. Correct the URL or the command';
      return this.settle.reject(new ConnectError(text, true));
    }
    if (message.kind === 'error') {
      // The server has not seen the old connection end yet: another attempt may succeed.
      const isFinal = message.code !== ErrorCode.sessionAttached;
      return this.settle.reject(new ConnectError(`it refused: ${message.message}`, isFinal));
    }
    const { result } = message;
    if (!isObject(result) || typeof result['sessionId'] !== 'string') {
      const text =
        'it answered the handshake in another protocol than exec-server’s. Use a newer codex or Exec Server there';
      return this.settle.reject(new ConnectError(text, true));
    }
    const info = result['environmentInfo'];
    this.settle.resolve({
      sessionId: result['sessionId'],
      environmentInfo: isObject(info) ? (info as unknown as EnvironmentInfo) : undefined,
    });
  }

  private closed(code: number, reason: string): void {
    const isFinal = FINAL_CODES.has(code);
    this.end = { reason: reason === '' ? 'the connection ended without a word' : reason, isFinal };
    const seen = this.banner === '' ? '' : `, after ${quote(this.banner)}`;
    const guess = `the connection ended before the handshake${seen}: ${this.end.reason}. Is it an exec-server?`;
    this.settle.reject(new ConnectError(this.connector.verdict === undefined ? guess : this.end.reason));
    this.owner?.dropped(this.end.reason, isFinal);
  }

  private silence(ms: number): string {
    const seen = this.banner === '' ? '' : `; what it sent is no exec-server's answer: ${quote(this.banner)}`;
    return `it did not answer the handshake within ${ms / 1000} s${seen}. Is it an exec-server?`;
  }
}

/**
 * With these a server says goodbye or that it does not want what it got (RFC 6455, 7.4.1): it is going away, has a new
 * token, or met a message that would go out again. A line that breaks says nothing.
 */
const FINAL_CODES: ReadonlySet<number> = new Set([1001, 1002, 1003, 1007, 1008, 1009]);

function notAnExecServer(text: string): ConnectError {
  return new ConnectError(
    `it sent ${quote(text)}, which is no message of an exec-server. Correct the URL or the command`,
    true,
  );
}
