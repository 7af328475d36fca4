import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import type { ConnectionDetails } from '../../agents/api';
import { describeConnection } from '../../agents/connectionDetails';
import type { KnownClient } from '../tree/groups';

/** The server as far as its switch is concerned. */
export interface OpenServer {
  readonly url: string;
  readonly token: string | undefined;
  readonly clients: readonly KnownClient[];
  on(event: 'clients', listener: () => void): unknown;
  /** Waits for a client that has gone until it comes back. */
  keepClient(id: string): void;
  /** Ends what a client that has gone has left. */
  endClient(id: string): Promise<void>;
  /** Ends the connection of a client, and what it runs. */
  disconnectClient(id: string): Promise<void>;
  /**
   * Serves a client of this person's.
   *
   * @throws Error with a sentence when there is no room for it
   */
  acceptStream(stream: Duplex, peerName: string): void;
  /** Disconnects everyone; the address stays. */
  renewToken(): Promise<void>;
  close(): Promise<void>;
  /** Where programs of this person reach it, if it sees to that itself. */
  readonly socket?: string;
  /** Only this window goes; absent where the server goes with it. */
  leave?(): Promise<void>;
}

/** What a server tells that is in another process. */
export interface ServerEvents {
  /** It has ended without being asked to; why, in a sentence. */
  readonly gone: (problem: string) => void;
  /** Its address or its token is another now. */
  readonly reached: () => void;
}

export type ServerState = 'untrusted' | 'off' | 'starting' | 'open' | 'failed';

export interface ServerLifecycleOptions {
  readonly listen: (events: ServerEvents) => Promise<OpenServer>;
  /** Whether anything may be run in this workspace. */
  readonly allowed: () => boolean;
}

/** The server's switch: one step at a time, and always in a state that can be told. */
export class ServerLifecycle extends EventEmitter<{
  changed: [];
  clients: [];
  /** All clients have been disconnected, and may come again. */
  renewed: [];
  /** It has ended by itself; why, in a sentence. */
  gone: [problem: string];
}> {
  private server: OpenServer | undefined;
  private current: ServerState = 'off';
  private steps: Promise<unknown> = Promise.resolve();
  /** Why the last start failed. */
  error: unknown;

  constructor(private readonly options: ServerLifecycleOptions) {
    super();
  }

  get state(): ServerState {
    return this.options.allowed() ? this.current : 'untrusted';
  }

  get clients(): readonly KnownClient[] {
    return this.server?.clients ?? [];
  }

  /** What a client that has gone has left runs on until that comes back. */
  keepClient(id: string): void {
    this.server?.keepClient(id);
  }

  /** Ends what a client that has gone has left; resolves when it has ended or outlived the ladder. */
  async endClient(id: string): Promise<void> {
    await this.server?.endClient(id);
  }

  /** Ends the connection of a client; resolves when what it ran has ended or outlived the ladder. */
  async disconnectClient(id: string): Promise<void> {
    await this.server?.disconnectClient(id);
  }

  /**
   * Serves a client of this person's.
   *
   * @throws Error with a sentence while the server is off
   */
  acceptStream(stream: Duplex, peerName: string): void {
    if (!this.server) throw new Error('The exec-server of this window is off.');
    this.server.acceptStream(stream, peerName);
  }

  /** Rejects with what listening failed with. */
  start(): Promise<void> {
    return this.step(async () => {
      if (this.server || !this.options.allowed()) return this.emitChanged();
      this.enter('starting');
      try {
        let server: OpenServer | undefined = undefined as OpenServer | undefined;
        const isOurs = (): boolean => server !== undefined && this.server === server;
        server = await this.options.listen({
          gone: (problem) => isOurs() && this.gone(problem),
          reached: () => isOurs() && this.emitChanged(),
        });
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
    return this.step(() => this.end('off'));
  }

  /** The window ends: what is kept for the next one goes on, all else ends. */
  leave(): Promise<void> {
    return this.step(async () => {
      const server = this.server;
      this.server = undefined;
      this.enter('off');
      await (server?.leave ? server.leave() : server?.close());
    });
  }

  async restart(): Promise<void> {
    // It is not off in between: whoever waits for it goes on waiting.
    await Promise.all([this.step(() => this.end('starting')), this.start()]);
  }

  renewToken(): Promise<void> {
    return this.step(async () => {
      // The new token counts at once; what the old one started takes a moment to end.
      const ended = this.server?.renewToken();
      this.emitChanged();
      this.emit('renewed');
      await ended;
      this.emit('clients');
    });
  }

  /** Where programs of this person reach the server, if it sees to that itself. */
  get socket(): string | undefined {
    return this.server?.socket;
  }

  /** Waits for a start under way. */
  async connection(): Promise<ConnectionDetails> {
    await this.steps.catch(() => undefined);
    if (this.openConnection) return this.openConnection;
    throw new Error('The exec-server is not running; the command "execServer.startServer" starts it.');
  }

  /** What can be copied right now. */
  get openConnection(): ConnectionDetails | undefined {
    return this.server && describeConnection(this.server.url, this.server.token ?? '');
  }

  private step(run: () => Promise<void> | void): Promise<void> {
    const done = this.steps.then(run, run);
    this.steps = done.catch(() => undefined);
    return done;
  }

  private async end(next: ServerState): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.enter(next);
    await server?.close();
    this.emit('clients');
  }

  private gone(problem: string): void {
    this.server = undefined;
    this.error = new Error(problem);
    this.enter('failed');
    this.emit('clients');
    this.emit('gone', problem);
  }

  private enter(state: ServerState): void {
    this.current = state;
    this.emitChanged();
  }

  private emitChanged(): void {
    this.emit('changed');
  }
}
