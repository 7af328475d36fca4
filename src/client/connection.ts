import { Calls, type CallHandle, type IfLost } from './calls';
import type { Connector } from './connector';
import { ConnectError, DisconnectedError } from './errors';
import type { Incoming } from './incoming';
import { Link, type Greeting } from './link';
import { step, type ConnectionEffect, type ConnectionEvent, type ConnectionState } from './reconnect';

export interface ConnectionOptions {
  readonly connector: Connector;
  readonly clientName: string;
  readonly connectTimeoutMs: number;
  readonly initializeTimeoutMs: number;
  readonly resumeWindowMs: number;
}

/** What a connection's owner is told. */
export interface ConnectionOwner {
  notification(method: string, params: unknown): void;
  /** Another transport has taken the place of the old one; the calls have gone out again. */
  resumed(): void;
  /** Gone for good; every call has ended. */
  failed(message: string): void;
  changed(state: ConnectionState): void;
}

/** JSON-RPC's "method not found". */
const METHOD_NOT_FOUND = -32601;

/** One session with a server, over one transport after the other: does what `step` decides. */
export class Connection {
  private current: ConnectionState = { at: 'connecting' };
  private readonly calls = new Calls();
  private readonly ended = new AbortController();
  private link: Link | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private windowTimer: NodeJS.Timeout | undefined;
  private end: string | undefined;

  private constructor(
    private readonly options: ConnectionOptions,
    private readonly owner: ConnectionOwner,
  ) {}

  /** Rejects with a ConnectError; nothing is left of the attempt then. */
  static async open(
    options: ConnectionOptions,
    owner: ConnectionOwner,
    signal?: AbortSignal,
  ): Promise<{ connection: Connection; greeting: Greeting }> {
    const connection = new Connection(options, owner);
    const abort = () => connection.ended.abort();
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    try {
      const { link, greeting } = await connection.dial(undefined);
      connection.attach(link, greeting);
      return { connection, greeting };
    } catch (error) {
      connection.apply({ type: 'close' });
      await options.connector.end?.();
      const text = error instanceof Error ? error.message : String(error);
      throw new ConnectError(`cannot connect to ${options.connector.target}: ${text}`, isFinal(error));
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  get state(): ConnectionState {
    return this.current;
  }

  /** Rejects at once with a DisconnectedError when the connection is gone for good. */
  call(method: string, params: unknown, ifLost: IfLost): CallHandle {
    const handle = this.calls.add(method, params, ifLost, this.sender);
    if (this.end !== undefined) handle.reject(new DisconnectedError(this.end));
    return handle;
  }

  /** Every call and process fails; resolves when what the connector started is gone. */
  async close(): Promise<void> {
    this.apply({ type: 'close' });
    await this.options.connector.end?.();
  }

  private get sender(): ((text: string) => void) | undefined {
    const { link } = this;
    return this.current.at === 'connected' && link ? (text) => link.send(text) : undefined;
  }

  private dial(resumeSessionId: string | undefined): Promise<{ link: Link; greeting: Greeting }> {
    const { connector, clientName, connectTimeoutMs, initializeTimeoutMs } = this.options;
    const { signal } = this.ended;
    return Link.dial({
      connector,
      clientName,
      resumeSessionId,
      connectTimeoutMs,
      initializeTimeoutMs,
      signal,
    });
  }

  private redial(resumeSessionId: string): void {
    this.dial(resumeSessionId).then(
      ({ link, greeting }) => {
        if (this.ended.signal.aborted) link.close('the client was closed');
        else this.attach(link, greeting);
      },
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.apply({ type: 'refused', reason, isFinal: isFinal(error), now: performance.now() });
      },
    );
  }

  private attach(link: Link, { sessionId }: Greeting): void {
    this.link = link;
    this.apply({ type: 'attached', sessionId });
    const { target, resumes } = this.options.connector;
    link.begin({
      message: (message) => this.receive(message),
      dropped: (reason, isNonsense) => {
        this.link = undefined;
        const now = performance.now();
        this.apply({
          type: 'dropped',
          reason: `${target}: ${reason}`,
          isFinal: isNonsense || !resumes,
          now,
        });
      },
    });
  }

  private receive(message: Incoming): void {
    switch (message.kind) {
      case 'notification':
        return this.owner.notification(message.method, message.params);
      case 'result':
        return this.calls.onResult(message.id, message.result);
      case 'error':
        return this.calls.onError(message.id, message.code, message.message);
      case 'request': {
        const error = { code: METHOD_NOT_FOUND, message: `this client does not answer ${message.method}` };
        this.link?.send(JSON.stringify({ id: message.id, error }));
      }
    }
  }

  private apply(event: ConnectionEvent): void {
    const { state, effects } = step(this.current, event, this.options.resumeWindowMs);
    const changed = state !== this.current;
    this.current = state;
    if (state.at !== 'reconnecting') this.stopTimers();
    for (const effect of effects) this.perform(effect);
    if (changed) this.owner.changed(state);
  }

  private perform(effect: ConnectionEffect): void {
    switch (effect.type) {
      case 'dial':
        return this.redial(effect.resumeSessionId);
      case 'retryAfter':
        this.retryTimer = setTimeout(() => this.apply({ type: 'retry' }), effect.ms);
        return;
      case 'giveUpAfter':
        this.windowTimer = setTimeout(() => this.apply({ type: 'timeUp' }), effect.ms);
        return;
      case 'interrupt':
        return this.calls.interrupt();
      case 'resume': {
        const send = this.sender;
        if (send) this.calls.resume(send);
        return this.owner.resumed();
      }
      case 'fail':
        this.end = effect.message;
        this.ended.abort();
        this.link?.close('the client was closed');
        this.link = undefined;
        this.calls.fail(effect.message);
        return this.owner.failed(effect.message);
    }
  }

  private stopTimers(): void {
    clearTimeout(this.retryTimer);
    clearTimeout(this.windowTimer);
  }
}

function isFinal(error: unknown): boolean {
  return error instanceof ConnectError && error.isFinal;
}
