import { execServer, type EnvironmentInfo } from '../protocol';
import type { IfLost } from './calls';
import { Connection } from './connection';
import { ConnectError } from './errors';
import type { Connector } from './connector';
import type { RemoteEvent } from './eventOrder';
import { isObject } from './incoming';
import { inTime } from './inTime';
import { readNotification } from './notifications';
import { ProcessChannel } from './processChannel';
import { ProgramConnector, type ExecServerCommand } from './programConnector';
import type { ConnectionState } from './reconnect';
import { RemoteProcess } from './remoteProcess';
import { startParams, type StartParams } from './startParams';
import { WsConnector, type AuthBearerToken } from './wsConnector';

/** Where the server is: a WebSocket URL, a command that speaks the protocol on stdio, or a transport of one's own. */
export type ExecServerAddress =
  | { readonly url: string; readonly authBearerToken?: AuthBearerToken | undefined }
  | ExecServerCommand
  | { readonly connector: Connector };

export interface ConnectOptions {
  /** What the server's people see this client as. */
  readonly clientName?: string;
  /** Ms until the connection must be open, 10 s when absent. */
  readonly connectTimeoutMs?: number;
  /** Ms from then until the server must have answered, 10 s when absent. */
  readonly initializeTimeoutMs?: number;
  /** Ms in which a broken WebSocket is replaced and its session resumed, 25 s when absent; 0 for never. */
  readonly resumeWindowMs?: number;
  /** Gives up the first connection. */
  readonly signal?: AbortSignal;
}

const DEFAULTS = {
  clientName: 'vscode-exec-server',
  connectTimeoutMs: 10_000,
  initializeTimeoutMs: 10_000,
  resumeWindowMs: 25_000,
};
/** How long `dispose` waits for the server to end our processes, in ms. */
const DISPOSE_MS = 2000;

/** `connected`, `reconnecting` while a broken connection is being replaced, `lost` for good, or `closed` by us. */
export type ClientState = Exclude<ConnectionState['at'], 'connecting'>;

/**
 * One session with one exec-server. A broken connection is replaced and nothing is lost or doubled by that, as far as
 * the server retained it. Nothing is ever read more slowly because a listener is: what listeners get they must keep.
 */
export class ExecServerClient implements AsyncDisposable {
  private readonly channels = new Map<string, ProcessChannel>();
  private readonly listeners = new Set<() => void>();
  private connection!: Connection;
  private info: EnvironmentInfo | undefined;
  private lastWriteId = 0;
  private disposed: Promise<void> | undefined;
  private onNoProcess = (): void => undefined;

  private constructor() {}

  /** Rejects with a ConnectError: a sentence that says what was tried, what happened and what to do. */
  static async connect(address: ExecServerAddress, options: ConnectOptions = {}): Promise<ExecServerClient> {
    const { signal, ...more } = options;
    const client = new ExecServerClient();
    const connector = connectorFor(address);
    const whole = { connector, ...DEFAULTS, ...more };
    const { connection, greeting } = await Connection.open(
      whole,
      {
        notification: (method, params) => client.onNotification(method, params),
        resumed: () => client.channels.forEach((channel) => channel.reattached()),
        failed: (message) => client.channels.forEach((channel) => channel.fail(message)),
        changed: () => client.changed(),
      },
      signal,
    );
    client.connection = connection;
    client.info = greeting.environmentInfo ?? (await client.askForInfo(whole.initializeTimeoutMs, signal));
    if (!signal?.aborted) return client;
    await connection.close();
    throw new ConnectError(`cannot connect to ${connector.target}: the attempt was given up`);
  }

  get state(): ClientState {
    const { at } = this.connection.state;
    return at === 'connecting' ? 'reconnecting' : at;
  }

  /** Why it is not connected. */
  get problem(): string | undefined {
    const { state } = this.connection;
    if (state.at === 'lost') return state.message;
    return state.at === 'reconnecting' ? state.reason : undefined;
  }

  /** What the server told about itself; servers differ in how much that is. */
  get environmentInfo(): EnvironmentInfo | undefined {
    return this.info;
  }

  /** Calls `listener` after each change of `state`; returns the way to stop. */
  onDidChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /**
   * Starts a process. `listener` gets its events, each once and in order, from the first one on; some may come before
   * this resolves. Rejects with an RpcError (the server refused) or a DisconnectedError.
   */
  async start(params: StartParams, listener: (event: RemoteEvent) => void): Promise<RemoteProcess> {
    const { processId } = params;
    const wire = startParams(params);
    if (this.channels.has(processId)) throw new Error(`process ${processId} already exists`);
    const start = this.connection.call(execServer.processes.start.name, wire, 'wait');
    const host = {
      call: (...call: Parameters<ExecServerClient['call']>) => this.call(...call),
      ended: (channel: ProcessChannel) => {
        if (this.channels.get(channel.processId) === channel) this.channels.delete(channel.processId);
        if (this.channels.size === 0) this.onNoProcess();
      },
    };
    const channel = new ProcessChannel(processId, host, start, listener);
    this.channels.set(processId, channel);
    try {
      await start.answer;
    } catch (error) {
      host.ended(channel);
      throw error;
    }
    channel.started();
    return new RemoteProcess(
      processId,
      (...call) => this.call(...call),
      () => `w${++this.lastWriteId}`,
    );
  }

  /** Ms from asking the server for its status to the answer. */
  async ping(): Promise<number> {
    const from = performance.now();
    await this.call(execServer.environment.environmentStatus.name, {}, 'repeat');
    return performance.now() - from;
  }

  /**
   * Any other method of the protocol, such as `fs/readFile`. Rejects with an RpcError (the server refused) or a
   * DisconnectedError, also when the connection broke before the answer: it is not sent twice.
   */
  request(method: string, params: unknown): Promise<unknown> {
    return this.call(method, params, 'fail');
  }

  /** Ends the processes that it started and the connection, and a server that it spawned. */
  [Symbol.asyncDispose](): Promise<void> {
    return (this.disposed ??= this.dispose());
  }

  private async dispose(): Promise<void> {
    if (this.state === 'connected') await this.terminateAll();
    await this.connection.close();
  }

  /** Resolves when all have closed, so that their owners see how they ended. */
  private async terminateAll(): Promise<void> {
    const running = [...this.channels.values()].filter(({ hasExited }) => !hasExited);
    if (running.length === 0) return;
    const { name } = execServer.processes.terminate;
    for (const { processId } of running) this.call(name, { processId }, 'fail').catch(() => undefined);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, DISPOSE_MS);
      this.onNoProcess = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private call(method: string, params: unknown, ifLost: IfLost): Promise<unknown> {
    return this.connection.call(method, params, ifLost).answer;
  }

  /** Undefined where the server does not tell in time: it can be used without. */
  private async askForInfo(
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<EnvironmentInfo | undefined> {
    const { name } = execServer.environment.environmentInfo;
    const answer = this.call(name, {}, 'repeat');
    const info = await inTime(answer, timeoutMs, () => 'too late', signal).catch(() => undefined);
    return isObject(info) ? (info as unknown as EnvironmentInfo) : undefined;
  }

  private onNotification(method: string, params: unknown): void {
    const notification = readNotification(method, params);
    if (notification) this.channels.get(notification.processId)?.take(notification.event);
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

/** Throws a ConnectError for an address that can't be one. */
function connectorFor(address: ExecServerAddress): Connector {
  if ('connector' in address) return address.connector;
  if ('program' in address) return new ProgramConnector(address);
  return new WsConnector(address.url, address.authBearerToken);
}
