import { ConnectError, ExecServerClient, type ConnectOptions, type ExecServerAddress } from '../client';
import { messageOf } from '../values';

/**
 * `disconnected`: not tried, or the attempt failed, and the next use tries again. `reconnecting`: the connection broke
 * and is being replaced; nothing is lost yet. `lost`: it could not be; only `connect` begins anew.
 */
export type EnvironmentState = 'disconnected' | 'connecting' | 'connected' | 'reconnecting' | 'lost';

interface Attempt {
  readonly done: Promise<ExecServerClient>;
  readonly abort: AbortController;
}

/** The client of one environment, made on first use. */
export class LazyClient {
  private client: ExecServerClient | undefined;
  private attempt: Attempt | undefined;
  private failure: string | undefined;
  private removed = false;

  /** @param changed called after each change of `state` or `problem` */
  constructor(
    /** The environment's id, for error texts. */
    private readonly id: string,
    private readonly address: ExecServerAddress,
    private readonly options: ConnectOptions,
    private readonly changed: () => void,
  ) {}

  /** The latest one; it may be lost. */
  get current(): ExecServerClient | undefined {
    return this.client;
  }

  get state(): EnvironmentState {
    if (this.attempt) return 'connecting';
    const state = this.client?.state ?? 'closed';
    return state === 'closed' ? 'disconnected' : state;
  }

  get problem(): string | undefined {
    return this.failure ?? this.client?.problem;
  }

  /** A lost client is handed out as well: it refuses everything at once and says why. */
  async use(): Promise<ExecServerClient> {
    const { attempt, client, removed } = this;
    return client && !attempt && !removed ? client : await this.dial().done;
  }

  /** Connects unless it is connected, anew if it is lost; giving up ends the attempt for everyone who waits for it. */
  async connect(signal?: AbortSignal): Promise<void> {
    if (this.state === 'connected' || this.state === 'reconnecting') return;
    const { done, abort } = this.dial();
    const giveUp = () => abort.abort();
    if (signal?.aborted) giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      await done;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  /** Ends the connection and the processes there. */
  async disconnect(): Promise<void> {
    const { attempt } = this;
    attempt?.abort.abort();
    await attempt?.done.catch(() => undefined);
    const { client } = this;
    this.client = undefined;
    this.failure = undefined;
    this.changed();
    await client?.[Symbol.asyncDispose]();
  }

  /** Ends the connection and the processes there; no use connects again. */
  remove(): Promise<void> {
    this.removed = true;
    return this.disconnect();
  }

  private dial(): Attempt {
    if (this.attempt) return this.attempt;
    const abort = new AbortController();
    const attempt = { abort, done: this.open(abort.signal) };
    attempt.done.catch(() => undefined);
    this.attempt = attempt;
    this.changed();
    return attempt;
  }

  private async open(signal: AbortSignal): Promise<ExecServerClient> {
    try {
      // The attempt must be noted before it can fail.
      await Promise.resolve();
      if (this.removed) throw new ConnectError('it was removed', true);
      const client = await ExecServerClient.connect(this.address, { ...this.options, signal });
      this.client = client;
      this.failure = undefined;
      client.onDidChange(() => {
        if (this.client === client) this.changed();
      });
      return client;
    } catch (error) {
      const text = messageOf(error);
      this.client = undefined;
      this.failure = `environment ${JSON.stringify(this.id)}: ${text}`;
      throw new ConnectError(this.failure, error instanceof ConnectError && error.isFinal);
    } finally {
      this.attempt = undefined;
      this.changed();
    }
  }
}
