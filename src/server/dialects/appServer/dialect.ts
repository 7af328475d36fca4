import { appServer, ErrorCode, invalidRequest, RpcError } from '../../../protocol';
import type { RequestContext } from '../../../rpc';
import type { Dialect } from '../../connection';
import type { Session } from '../../session';
import type { DialectServices } from '../execServer';
import { describeServer } from './describeServer';
import { AppServerMethods, METHOD_NAMES } from './methods';
import { Notifier } from './notifier';

const { initialize } = appServer.handshake;
const VARIANTS = [initialize.name, ...METHOD_NAMES].map((name) => `\`${name}\``).join(', ');

/** Dialect (c) on one connection: the handshake and the rules of PROTOCOL chapter 15.1. */
export class AppServerDialect implements Dialect {
  readonly isLenient = true;
  private session: Session | undefined;
  private isExperimental = false;
  private readonly optOut = new Set<string>();
  private readonly methods: AppServerMethods;

  constructor(private readonly services: DialectServices) {
    const notifier = new Notifier(services.scope.outlet, { isTimed: true, optOut: this.optOut });
    this.methods = new AppServerMethods(notifier);
  }

  lane(method: string): 'immediate' | 'ordinary' {
    return this.methods.find(method)?.lane ?? 'immediate';
  }

  /** In this order: method, params, handshake state, capability. */
  request(method: string, params: unknown, context: RequestContext): unknown {
    if (method === initialize.name) return this.initialize(params);
    const found = this.methods.find(method);
    if (!found)
      throw invalidRequest(`Invalid request: unknown variant \`${method}\`, expected one of ${VARIANTS}`);
    const run = decoded(params, () => found.prepare(params));
    if (!this.session) throw invalidRequest('Not initialized');
    if (!this.isExperimental) throw invalidRequest(`${method} requires experimentalApi capability`);
    return run(this.session, context);
  }

  /** `initialized` may come, and what is unknown is ignored. */
  notification(): boolean {
    return true;
  }

  end(): void {
    this.methods.end();
    if (this.session) this.services.sessions.drop(this.session);
  }

  private initialize(params: unknown): appServer.handshake.InitializeResult {
    const { clientInfo, capabilities } = decoded(params, () => initialize.decode(params));
    if (this.session) throw invalidRequest('Already initialized');
    const { scope, sessions, environmentInfo } = this.services;
    const info = environmentInfo();
    this.session = sessions.create(clientInfo.name, scope.outlet);
    this.isExperimental = capabilities?.experimentalApi ?? false;
    for (const name of capabilities?.optOutNotificationMethods ?? []) this.optOut.add(name);
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
