import { RpcError } from '../../protocol';
import type { PeerMethod } from '../../rpc';
import type { ConnectionHandler } from '../connection';
import { toRpcError } from '../errors';
import { AppServerDialect } from './appServer';
import type { Dialect } from './dialect';
import { ExecMode } from './execMode';
import type { MethodMap } from './methods';
import type { DialectServices } from './services';

/** A connection whose `initialize` decides what is spoken on it (docs/protocol/dialects.md#choice). */
export class DialectChoice implements ConnectionHandler {
  readonly describe = toRpcError;
  private readonly execMode: Dialect;
  private readonly appServer: Dialect;
  /** What is spoken: an exec-server's until an `initialize` has succeeded. */
  private current: Dialect;
  /** Every method of the connection, as things stand. */
  private methods: MethodMap;

  constructor(services: DialectServices) {
    this.execMode = new ExecMode(services);
    this.appServer = new AppServerDialect(services);
    this.current = this.execMode;
    // Before the handshake each method is refused in the words of the dialect that has it.
    const initialize: PeerMethod = {
      priority: 'control',
      run: (params, context) => {
        const chosen = isAppServerClient(params) ? this.appServer : this.execMode;
        const result = said(params, () => chosen.methods.get('initialize')?.run(params, context));
        this.current = chosen;
        this.methods = chosen.methods;
        return result;
      },
    };
    this.methods = new Map([...this.execMode.methods, ...this.appServer.methods, ['initialize', initialize]]);
  }

  get isLenient(): boolean {
    return this.current.isLenient;
  }

  find(method: string): PeerMethod {
    const { current } = this;
    return this.methods.get(method) ?? { priority: 'control', run: () => current.refuse(method) };
  }

  notification(method: string): boolean {
    return this.current.notification(method);
  }

  end(): void {
    this.execMode.end();
    this.appServer.end();
  }
}

/** Its `initialize` names the client by `clientInfo` and not, as those of exec-servers do, by `clientName`. */
function isAppServerClient(params: unknown): boolean {
  if (typeof params !== 'object' || params === null) return false;
  return Object.hasOwn(params, 'clientInfo') && !Object.hasOwn(params, 'clientName');
}

/** What is understood of an `initialize` that names its client in no dialect's way is said beside what is missing. */
function said<T>(params: unknown, initialize: () => T): T {
  try {
    return initialize();
  } catch (error) {
    const isObject = typeof params === 'object' && params !== null;
    const isNameless =
      isObject && !Object.hasOwn(params, 'clientName') && !Object.hasOwn(params, 'clientInfo');
    if (!(error instanceof RpcError) || !isNameless) throw error;
    throw new RpcError(
      error.code,
      `${error.message} (understood as an exec-server's initialize; an app-server's has \`clientInfo\`)`,
    );
  }
}
