import { ErrorCode } from '../protocol';
import { PendingRequests, type PendingRequest, type OnDisconnect } from './pendingRequests';
import type { Connector } from './connector';
import { ConnectError, DisconnectedError } from './errors';
import type { ServerMessage } from './incoming';
import { Connection, type InitializeResult } from './connection';
import { step, type SessionEffect, type SessionEvent, type SessionState } from './reconnect';
import { messageOf } from '../values';

export interface SessionOptions {
  readonly connector: Connector;
  readonly clientName: string;
  readonly connectTimeoutMs: number;
  readonly initializeTimeoutMs: number;
  readonly resumeWindowMs: number;
}

/** What a session's owner is told. */
export interface SessionOwner {
  notification(method: string, params: unknown): void;
  /** Another transport has taken the place of the old one; the calls have gone out again. */
  resumed(): void;
  /** Gone for good; every call has ended. */
  failed(message: string): void;
  changed(state: SessionState): void;
}

/** One session with a server, over one transport after the other: does what `step` decides. */
export class Session {
  private current: SessionState = { at: 'connecting' };
  private readonly calls = new PendingRequests();
  private readonly ended = new AbortController();
  private connection: Connection | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private windowTimer: NodeJS.Timeout | undefined;
  private end: string | undefined;
  private reading = true;

  private constructor(
    private readonly options: SessionOptions,
    private readonly owner: SessionOwner,
  ) {}

  /** Rejects with a ConnectError; nothing is left of the attempt then. */
  static async open(
    options: SessionOptions,
    owner: SessionOwner,
    signal?: AbortSignal,
  ): Promise<{ session: Session; greeting: InitializeResult }> {
    const session = new Session(options, owner);
    const abort = () => session.ended.abort();
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    try {
      const { connection, greeting } = await session.dial(undefined);
      session.attach(connection, greeting);
      return { session, greeting };
    } catch (error) {
      session.apply({ type: 'close' });
      await options.connector.end?.();
      const text = messageOf(error);
      throw new ConnectError(`cannot connect to ${options.connector.target}: ${text}`, isFinal(error));
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  get state(): SessionState {
    return this.current;
  }

  /** Rejects at once with a DisconnectedError when the connection is gone for good. */
  call(method: string, params: unknown, ifLost: OnDisconnect): PendingRequest {
    const handle = this.calls.add(method, params, ifLost, this.sender);
    if (this.end !== undefined) handle.reject(new DisconnectedError(this.end));
    return handle;
  }

  /** Stops or goes on reading from the server, on the next connections too. */
  setReading(reading: boolean): void {
    if (reading === this.reading) return;
    this.reading = reading;
    this.connection?.setReading(reading);
  }

  /** Every call and process fails; resolves when what the connector started is gone. */
  async close(): Promise<void> {
    this.apply({ type: 'close' });
    await this.options.connector.end?.();
  }

  private get sender(): ((text: string) => void) | undefined {
    const { connection } = this;
    return this.current.at === 'connected' && connection ? (text) => connection.send(text) : undefined;
  }

  private dial(
    resumeSessionId: string | undefined,
  ): Promise<{ connection: Connection; greeting: InitializeResult }> {
    const { connector, clientName, connectTimeoutMs, initializeTimeoutMs } = this.options;
    const { signal } = this.ended;
    return Connection.dial({
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
      ({ connection, greeting }) => {
        if (this.ended.signal.aborted) connection.close('the client was closed');
        else this.attach(connection, greeting);
      },
      (error: unknown) => {
        const reason = messageOf(error);
        this.apply({ type: 'refused', reason, isFinal: isFinal(error), now: performance.now() });
      },
    );
  }

  private attach(connection: Connection, { sessionId }: InitializeResult): void {
    this.connection = connection;
    this.apply({ type: 'attached', sessionId });
    const { target, resumes } = this.options.connector;
    if (!this.reading) connection.setReading(false);
    connection.begin({
      message: (message) => this.receive(message),
      dropped: (reason, isNonsense) => {
        this.connection = undefined;
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

  private receive(message: ServerMessage): void {
    switch (message.kind) {
      case 'notification':
        return this.owner.notification(message.method, message.params);
      case 'result':
        return this.calls.onResult(message.id, message.result);
      case 'error':
        return this.calls.onError(message.id, message.code, message.message);
      case 'request': {
        const error = {
          code: ErrorCode.methodNotFound,
          message: `this client does not answer ${message.method}`,
        };
        this.connection?.send(JSON.stringify({ id: message.id, error }));
      }
    }
  }

  private apply(event: SessionEvent): void {
    const { state, effects } = step(this.current, event, this.options.resumeWindowMs);
    const changed = state !== this.current;
    this.current = state;
    if (state.at !== 'reconnecting') this.stopTimers();
    for (const effect of effects) this.perform(effect);
    if (changed) this.owner.changed(state);
  }

  private perform(effect: SessionEffect): void {
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
        this.connection?.close('the client was closed');
        this.connection = undefined;
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
