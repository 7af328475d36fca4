import { DEFAULT_SIZE, type ExecParams, type ExecProcessEvent, type Waiting } from '../model';
import { ErrorCode, execServer, RpcError, type Capability, type EnvironmentInfo } from '../protocol';
import type { OnDisconnect } from './pendingRequests';
import { Session } from './session';
import { ConnectError } from './errors';
import type { Connector } from './connector';
import { withTimeout } from './withTimeout';
import { readNeeds, readNotification } from './notifications';
import { ProcessChannel } from './processChannel';
import { ProgramConnector, type ExecServerCommand } from './programConnector';
import { RemoteProcess } from './remoteProcess';
import { startParams } from './startParams';
import { WsConnector, type AuthBearerToken } from './wsConnector';
import { isObject } from '../values';

/** Where the server is: a WebSocket URL, a command that speaks the protocol on stdio, or a transport of one's own. */
export type ExecServerAddress =
  | { readonly url: string; readonly authBearerToken?: AuthBearerToken | undefined }
  | ExecServerCommand
  | { readonly connector: Connector };

/** How a client connects. Times are in ms. */
export interface ConnectOptions {
  /** What the server's people see this client as, `vscode-exec-server` when absent. */
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
export type ClientState = 'connected' | 'reconnecting' | 'lost' | 'closed';

/**
 * One session with one exec-server. A broken connection is replaced and nothing is lost or duplicated by that, as far as
 * the server retained it. What listeners get they must keep, or hold the server back (`RemoteProcess.holdBack`).
 */
export class ExecServerClient implements AsyncDisposable {
  private readonly channels = new Map<string, ProcessChannel>();
  private readonly listeners = new Set<() => void>();
  private session!: Session;
  private info: EnvironmentInfo | undefined;
  private lastWriteId = 0;
  private lastConnectionId = 0;
  private disposed: Promise<void> | undefined;
  /** Processes whose owners take no more events now. */
  private readonly heldBack = new Set<object>();
  private resizes: Promise<boolean> | undefined;
  private onNoProcess = (): void => undefined;

  private constructor() {}

  /** Rejects with a ConnectError: a sentence that says what was tried, what happened and what to do. */
  static async connect(address: ExecServerAddress, options: ConnectOptions = {}): Promise<ExecServerClient> {
    const { signal, ...more } = options;
    const client = new ExecServerClient();
    const connector = connectorFor(address);
    const whole = { connector, ...DEFAULTS, ...more };
    const { session, greeting } = await Session.open(
      whole,
      {
        notification: (method, params) => client.onNotification(method, params),
        resumed: () => client.channels.forEach((channel) => channel.reattached()),
        failed: (message) => client.channels.forEach((channel) => channel.fail(message)),
        changed: () => client.changed(),
      },
      signal,
    );
    client.session = session;
    client.info = greeting.environmentInfo ?? (await client.askForInfo(whole.initializeTimeoutMs, signal));
    if (!signal?.aborted) return client;
    await session.close();
    throw new ConnectError(`cannot connect to ${connector.target}: the attempt was given up`);
  }

  /** Whether it is connected now; `onDidChange` tells of changes. */
  get state(): ClientState {
    const { at } = this.session.state;
    return at === 'connecting' ? 'reconnecting' : at;
  }

  /** Why it is not connected. */
  get problem(): string | undefined {
    const { state } = this.session;
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
   *
   * @param needs told what somebody is to type for the process to go on, or that it waits for the next command
   * (`prompt`), and null when it does neither any more; only where the server can `needsInput` and `atPrompt`
   */
  async start(
    params: ExecParams,
    listener: (event: ExecProcessEvent) => void,
    needs?: (needed: Waiting | null) => void,
  ): Promise<RemoteProcess> {
    const { processId } = params;
    const wire = startParams(params, this.can('processLifetime') ? 'session' : undefined);
    if (this.channels.has(processId)) throw new Error(`process ${processId} already exists`);
    const start = this.session.call(execServer.processes.start.name, wire, 'wait');
    const host = {
      call: (...call: Parameters<ExecServerClient['call']>) => this.call(...call),
      ended: (channel: ProcessChannel) => {
        if (this.channels.get(channel.processId) === channel) this.channels.delete(channel.processId);
        if (this.channels.size === 0) this.onNoProcess();
      },
    };
    const channel = new ProcessChannel(processId, host, start, listener, needs);
    this.channels.set(processId, channel);
    let answer: unknown;
    try {
      answer = await start.answer;
    } catch (error) {
      host.ended(channel);
      throw error;
    }
    channel.started();
    return new RemoteProcess(processId, pidOf(answer), {
      call: (...call) => this.call(...call),
      newWriteId: () => `w${++this.lastWriteId}`,
      newConnectionId: () => `p${++this.lastConnectionId}`,
      holdBack: (process, held) => this.holdBack(process, held),
    });
  }

  /** Whether the server knows how to give a terminal another size; it is asked once. Rejects with a DisconnectedError. */
  canResize(): Promise<boolean> {
    return (this.resizes ??= this.askForResize());
  }

  /** Whether the server has told that it can do this. */
  can(capability: Capability): boolean {
    return this.info?.capabilities?.[capability] === true;
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
    // How its processes end is to be seen.
    this.heldBack.clear();
    this.session.setReading(true);
    if (this.state === 'connected') await this.terminateAll();
    await this.session.close();
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

  private call(method: string, params: unknown, ifLost: OnDisconnect): Promise<unknown> {
    return this.session.call(method, params, ifLost).answer;
  }

  private holdBack(process: object, held: boolean): void {
    if (this.disposed) return;
    if (held) this.heldBack.add(process);
    else this.heldBack.delete(process);
    this.session.setReading(this.heldBack.size === 0);
  }

  /** The answer for a process that does not exist tells, and changes nothing. */
  private async askForResize(): Promise<boolean> {
    try {
      await this.call(execServer.extensions.resize.name, { processId: '-', ...DEFAULT_SIZE }, 'repeat');
    } catch (error) {
      if (error instanceof RpcError) return error.code !== ErrorCode.methodNotFound;
      this.resizes = undefined;
      throw error;
    }
    return true;
  }

  /** Undefined where the server does not tell in time: it can be used without. */
  private async askForInfo(
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<EnvironmentInfo | undefined> {
    const { name } = execServer.environment.environmentInfo;
    const answer = this.call(name, {}, 'repeat');
    const info = await withTimeout(answer, timeoutMs, () => 'too late', signal).catch(() => undefined);
    return isObject(info) ? (info as unknown as EnvironmentInfo) : undefined;
  }

  private onNotification(method: string, params: unknown): void {
    const notification = readNotification(method, params);
    if (notification) return this.channels.get(notification.processId)?.take(notification.event);
    const needs = readNeeds(method, params);
    if (needs) this.channels.get(needs.processId)?.needs(needs.needed);
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

/** Null where the server does not tell. */
function pidOf(answer: unknown): number | null {
  const pid = isObject(answer) ? answer['pid'] : undefined;
  return Number.isSafeInteger(pid) && (pid as number) > 0 ? (pid as number) : null;
}

/**
 * The way to reach a server at this address.
 *
 * @throws ConnectError for an address that can't be one
 */
function connectorFor(address: ExecServerAddress): Connector {
  if ('connector' in address) return address.connector;
  if ('program' in address) return new ProgramConnector(address);
  return new WsConnector(address.url, address.authBearerToken);
}
