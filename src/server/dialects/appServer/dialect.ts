import { appServer, ErrorCode, invalidRequest, RpcError } from '../../../protocol';
import type { Session } from '../../sessions/session';
import type { Dialect } from '../dialect';
import type { MethodMap } from '../methods';
import type { DialectServices } from '../services';
import { describeServer } from './describeServer';
import { AppServerMethods } from './methods';
import { Notifier } from './notifier';

const { initialize } = appServer.handshake;
const { processNotifications } = appServer.notifications;

/** Dialect (c) on one connection: the handshake and the rules of docs/protocol/app-server.md#rules. */
export class AppServerDialect implements Dialect {
  readonly isLenient = true;
  readonly methods: MethodMap;
  private session: Session | undefined;
  private isExperimental = false;
  private readonly optOut = new Set<string>();
  private readonly processMethods: AppServerMethods;

  constructor(private readonly services: DialectServices) {
    const notifier = new Notifier(services.scope.sink, { isTimed: true, optOut: this.optOut });
    // In this order: method, params, handshake state, capability.
    this.processMethods = new AppServerMethods(
      notifier,
      services.budget,
      (method) => this.sessionFor(method),
      (handler) => ({ ...handler, prepare: (params) => decoded(params, () => handler.prepare(params)) }),
    );
    this.methods = new Map([
      [initialize.name, { priority: 'control', run: (params) => this.initialize(params) }],
      ...this.processMethods.bound,
    ]);
  }

  refuse(method: string): never {
    const variants = [...this.methods.keys()].map((name) => `\`${name}\``).join(', ');
    throw invalidRequest(`Invalid request: unknown variant \`${method}\`, expected one of ${variants}`);
  }

  /** `initialized` may come, and what is unknown is ignored. */
  notification(): boolean {
    return true;
  }

  end(): void {
    this.processMethods.end();
    if (this.session) this.services.sessions.drop(this.session);
  }

  private sessionFor(method: string): Session {
    if (!this.session) throw invalidRequest('Not initialized');
    if (!this.isExperimental) throw invalidRequest(`${method} requires experimentalApi capability`);
    return this.session;
  }

  private initialize(params: unknown): appServer.handshake.InitializeResult {
    const { clientInfo, capabilities } = decoded(params, () => initialize.decode(params));
    if (this.session) throw invalidRequest('Already initialized');
    const { scope, sessions, environmentInfo } = this.services;
    const info = environmentInfo();
    this.session = sessions.create(clientInfo.name, scope.sink);
    this.isExperimental = capabilities?.experimentalApi ?? false;
    // Others are of no use, and a client may send very many.
    const known = processNotifications.map(({ name }) => name);
    const unwanted = new Set(capabilities?.optOutNotificationMethods);
    for (const name of known) if (unwanted.has(name)) this.optOut.add(name);
    scope.initialized();
    return describeServer(info, clientInfo);
  }
}

/** Params that do not fit are an invalid request here. */
function decoded<T>(params: unknown, decode: () => T): T {
  if (params === undefined || params === null)
    throw invalidRequest('Invalid request: missing field `params`');
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof RpcError) || error.code !== ErrorCode.invalidParams) throw error;
    throw invalidRequest(`Invalid request: ${error.message}`);
  }
}
