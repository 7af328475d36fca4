import { EventEmitter } from 'node:events';
import { describeConnection, type Connection } from '../../agents/connection';
import type { KnownClient } from '../tree/groups';

/** The server as far as its switch is concerned. */
export interface OpenServer {
  readonly url: string;
  readonly token: string | undefined;
  readonly clients: readonly KnownClient[];
  on(event: 'clients', listener: () => void): unknown;
  /** Disconnects everyone; the address stays. */
  renewToken(): Promise<void>;
  close(): Promise<void>;
}

export type DoorState = 'untrusted' | 'off' | 'starting' | 'open' | 'failed';

export interface DoorOptions {
  readonly listen: () => Promise<OpenServer>;
  /** Whether anything may be run in this workspace. */
  readonly allowed: () => boolean;
}

/** The server's switch: one step at a time, and always in a state that can be told. */
export class Door extends EventEmitter<{ changed: []; clients: [] }> {
  private server: OpenServer | undefined;
  private current: DoorState = 'off';
  private steps: Promise<unknown> = Promise.resolve();
  /** Why the last start failed. */
  error: unknown;

  constructor(private readonly options: DoorOptions) {
    super();
  }

  get state(): DoorState {
    return this.options.allowed() ? this.current : 'untrusted';
  }

  get clients(): readonly KnownClient[] {
    return this.server?.clients ?? [];
  }

  /** Rejects with what listening failed with. */
  start(): Promise<void> {
    return this.step(async () => {
      if (this.server || !this.options.allowed()) return this.emitChanged();
      this.enter('starting');
      try {
        const server = await this.options.listen();
        this.server = server;
        server.on('clients', () => this.emit('clients'));
        this.enter('open');
      } catch (error) {
        this.error = error;
        this.enter('failed');
        throw error;
      }
    });
  }

  stop(): Promise<void> {
    return this.step(async () => {
      const server = this.server;
      this.server = undefined;
      this.enter('off');
      await server?.close();
      this.emit('clients');
    });
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  renewToken(): Promise<void> {
    return this.step(async () => {
      // The new token counts at once; what the old one started takes a moment to end.
      const ended = this.server?.renewToken();
      this.emitChanged();
      await ended;
      this.emit('clients');
    });
  }

  /** Waits for a start under way. */
  async connection(): Promise<Connection> {
    await this.steps.catch(() => undefined);
    if (this.openConnection) return this.openConnection;
    throw new Error('The exec-server is not running; the command "execServer.startServer" starts it.');
  }

  /** What can be copied right now. */
  get openConnection(): Connection | undefined {
    return this.server && describeConnection(this.server.url, this.server.token ?? '');
  }

  private step(run: () => Promise<void> | void): Promise<void> {
    const done = this.steps.then(run, run);
    this.steps = done.catch(() => undefined);
    return done;
  }

  private enter(state: DoorState): void {
    this.current = state;
    this.emitChanged();
  }

  private emitChanged(): void {
    this.emit('changed');
  }
}
