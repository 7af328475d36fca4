import { hostEnvironment } from '../../../environment';
import { FileHandles, MissingWatches } from '../../../files';
import { HttpStreams } from '../../../http';
import { ErrorCode, execServer, invalidRequest, RpcError, v0, type EnvironmentInfo } from '../../../protocol';
import type { RequestContext } from '../../../rpc';
import type { ConnectionScope, Dialect } from '../../connection';
import type { Session } from '../../session';
import type { SessionRegistry } from '../../sessionRegistry';
import { environmentRoutes } from './environmentRoutes';
import { extensionRoutes } from './extensionRoutes';
import { fileRoutes } from './fileRoutes';
import { httpRoutes } from './httpRoutes';
import { processRoutes } from './processRoutes';
import type { Family, Route } from './route';
import { streamRoutes } from './streamRoutes';
import { Waits } from './waits';

const { initialize, INITIALIZED } = execServer.handshake;

const ROUTES: ReadonlyMap<string, Route> = new Map(
  [
    ...environmentRoutes,
    ...processRoutes,
    ...extensionRoutes,
    ...fileRoutes,
    ...streamRoutes,
    ...httpRoutes,
  ].map((route) => [route.name, route]),
);

export interface DialectServices {
  readonly scope: ConnectionScope;
  readonly sessions: SessionRegistry;
  readonly environmentInfo: () => EnvironmentInfo;
}

/** Dialect (a) on one connection: the handshake of PROTOCOL chapter 3, and the way to the handlers. */
export class ExecServerDialect implements Dialect {
  private session: Session | undefined;
  private isReady = false;
  private readonly fileHandles = new FileHandles();
  private readonly missingWatches: MissingWatches;
  private readonly httpStreams: HttpStreams;
  private readonly waits = new Waits();

  constructor(private readonly services: DialectServices) {
    const { scope } = services;
    this.missingWatches = new MissingWatches((watchId) =>
      scope.notify(execServer.fileStreams.missingChanged.name, { watchId }),
    );
    this.httpStreams = new HttpStreams(hostEnvironment(process.env), (requestId, delta, stream) => {
      scope.outlet.send(execServer.http.bodyDelta(requestId, delta));
      if (!delta.done) scope.outlet.throttle(stream);
    });
  }

  /** `initialize` is immediate, so that what was sent behind it finds it done. */
  lane(method: string): 'immediate' | 'ordinary' {
    return ROUTES.get(method)?.lane ?? 'immediate';
  }

  /** In this order: method, params, handshake state. */
  request(method: string, params: unknown, context: RequestContext): unknown {
    if (method === initialize.name) return this.initialize(params);
    const route = ROUTES.get(method);
    if (!route) {
      throw new RpcError(ErrorCode.methodNotFound, `exec-server stub does not implement \`${method}\` yet`);
    }
    const run = route.prepare(params);
    const session = this.sessionFor(route.family);
    const { fileHandles, missingWatches, httpStreams, waits } = this;
    const { environmentInfo } = this.services;
    return run({ ...context, session, environmentInfo, fileHandles, missingWatches, httpStreams, waits });
  }

  notification(method: string): boolean {
    if (method !== INITIALIZED || !this.session) return false;
    this.isReady = true;
    return true;
  }

  /** What belongs to the connection ends with it; the session lives on for a while. */
  end(): void {
    this.missingWatches[Symbol.dispose]();
    this.httpStreams[Symbol.dispose]();
    void this.fileHandles[Symbol.asyncDispose]();
    if (this.session) this.services.sessions.detach(this.session);
  }

  private initialize(params: unknown): execServer.handshake.InitializeResult {
    const { clientName, resumeSessionId } = initialize.decode(params);
    if (this.session) throw invalidRequest('initialize may only be sent once per connection');
    const { scope, sessions } = this.services;
    const environmentInfo = this.services.environmentInfo();
    const session =
      resumeSessionId === undefined
        ? sessions.create(clientName, scope.outlet)
        : sessions.resume(resumeSessionId, scope.outlet);
    this.session = session;
    scope.initialized();
    return { sessionId: session.id, environmentInfo, protocolVersion: v0.commands.PROTOCOL_VERSION };
  }

  /** The session, once the handshake is done; throws RpcError -32600 that names `family` before. */
  sessionFor(family: Family): Session {
    if (!this.session) throw invalidRequest(`client must call initialize before using ${family} methods`);
    if (!this.isReady) throw invalidRequest(`client must send initialized before using ${family} methods`);
    return this.session;
  }
}
