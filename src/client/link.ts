import { encodeNotification, type Transport, type TransportEvents } from '../rpc';
import { execServer, type EnvironmentInfo } from '../protocol';
import type { Connector } from './connector';
import { ConnectError } from './errors';
import { isObject, quote, readIncoming, type Incoming } from './incoming';
import { inTime } from './inTime';

/** What the owner of an attached link is told. */
export interface LinkEvents {
  message(message: Incoming): void;
  /** Once. `isFinal`: it would end the same way the next time. */
  dropped(reason: string, isFinal: boolean): void;
}

export interface LinkOptions {
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
export interface Greeting {
  readonly sessionId: string;
  /** Absent where the server must be asked for it. */
  readonly environmentInfo: EnvironmentInfo | undefined;
}

/** Of the handshake; calls have ids above it. */
const INITIALIZE_ID = 0;
/** What a program may print before it speaks the protocol, in bytes. */
const MAX_BANNER_BYTES = 64 * 1024;

/** One connection of a client, from the dial to its end: a transport on which the handshake has succeeded. */
export class Link {
  readonly greeting: Promise<Greeting>;
  private transport: Transport | undefined;
  private owner: LinkEvents | undefined;
  private readonly early: Incoming[] = [];
  private end: { readonly reason: string; readonly isFinal: boolean } | undefined;
  private banner = '';
  private settle!: { resolve(greeting: Greeting): void; reject(error: ConnectError): void };

  private constructor(private readonly connector: Connector) {
    this.greeting = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    // Whoever dials looks at it; until then a refusal is nobody's failure.
    this.greeting.catch(() => undefined);
  }

  /** Rejects with a ConnectError; nothing of the attempt is left then. */
  static async dial(options: LinkOptions): Promise<{ link: Link; greeting: Greeting }> {
    const { connector, connectTimeoutMs, initializeTimeoutMs, signal } = options;
    const link = new Link(connector);
    const attempt = new AbortController();
    const abort = () => attempt.abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      if (signal.aborted) throw new ConnectError('the attempt was given up');
      const late = `it did not answer within ${connectTimeoutMs / 1000} s. Check the address and the network`;
      const open = connector.open(link.transportEvents(), attempt.signal);
      link.transport = await inTime(open, connectTimeoutMs, () => late, attempt.signal);
      link.greet(options);
      const greeting = await inTime(
        link.greeting,
        initializeTimeoutMs,
        () => link.silence(initializeTimeoutMs),
        attempt.signal,
      );
      link.transport.send(encodeNotification(execServer.handshake.INITIALIZED, {}));
      return { link, greeting };
    } catch (error) {
      attempt.abort();
      link.close('the handshake failed');
      throw error instanceof ConnectError ? error : new ConnectError(textOf(error));
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Everything that came meanwhile is handed over at once. */
  begin(owner: LinkEvents): void {
    this.owner = owner;
    for (const message of this.early.splice(0)) owner.message(message);
    if (this.end) owner.dropped(this.end.reason, this.end.isFinal);
  }

  send(message: string): void {
    this.transport?.send(message);
  }

  close(reason: string): void {
    this.owner = undefined;
    this.transport?.close(1001, reason);
  }

  private greet({ clientName, resumeSessionId }: LinkOptions): void {
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

  private onAnswer(message: Exclude<Incoming, { kind: 'notification' }>): void {
    if (message.kind === 'request') {
      const text = 'it sends back what it is sent: it is no exec-server. Correct the URL or the command';
      return this.settle.reject(new ConnectError(text, true));
    }
    if (message.kind === 'error') {
      const isFinal = message.code !== STILL_ATTACHED;
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
    this.settle.reject(
      new ConnectError(
        `the connection ended before the handshake${seen}: ${this.end.reason}. Is it an exec-server?`,
      ),
    );
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

/** The session is still attached to a connection that the server has not seen end yet: try again. */
const STILL_ATTACHED = -32010;

function notAnExecServer(text: string): ConnectError {
  return new ConnectError(
    `it sent ${quote(text)}, which is no message of an exec-server. Correct the URL or the command`,
    true,
  );
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
