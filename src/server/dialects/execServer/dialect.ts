import { hostEnvironment } from '../../../environment';
import { FileHandles, MissingWatches } from '../../../files';
import { HttpStreams } from '../../../http';
import { ErrorCode, execServer, invalidRequest, RpcError, v0 } from '../../../protocol';
import type { Session } from '../../sessions/session';
import type { Dialect } from '../dialect';
import { bind, type MethodMap } from '../methods';
import type { DialectServices } from '../services';
import { extensionRoutes } from './extensionRoutes';
import { fileRoutes } from './fileRoutes';
import { httpRoutes } from './httpRoutes';
import { PortConnections } from './portConnections';
import { portRoutes } from './portRoutes';
import { processRoutes } from './processRoutes';
import type { Call, Family, Route } from './route';
import { streamRoutes } from './streamRoutes';
import { Waits } from './waits';

const { initialize, INITIALIZED } = execServer.handshake;

const ROUTES: readonly Route[] = [
  ...processRoutes,
  ...extensionRoutes,
  ...fileRoutes,
  ...streamRoutes,
  ...httpRoutes,
  ...portRoutes,
];

/**
 * Dialect (a) on one connection: the handshake of docs/protocol/sessions.md#initialize, and the way to the
 * handlers.
 */
export class ExecServerDialect implements Dialect {
  readonly isLenient = false;
  readonly methods: MethodMap;
  private session: Session | undefined;
  private isReady = false;
  private isResuming = false;
  private hasEnded = false;
  private readonly fileHandles = new FileHandles();
  private readonly missingWatches: MissingWatches;
  private readonly httpStreams: HttpStreams;
  private readonly waits = new Waits();
  private readonly portConnections = new PortConnections();

  constructor(private readonly services: DialectServices) {
    const { scope, network, budget } = services;
    this.missingWatches = new MissingWatches((watchId) =>
      scope.notify(execServer.fileStreams.missingChanged.name, { watchId }),
    );
    this.httpStreams = new HttpStreams(
      { env: hostEnvironment(process.env), network, budget },
      (requestId, delta, stream) => {
        scope.sink.send(execServer.http.bodyDelta(requestId, delta));
        if (!delta.done) scope.sink.throttle(stream);
      },
    );
    const { fileHandles, missingWatches, httpStreams, waits, portConnections } = this;
    const { environmentInfo } = services;
    // In this order: method, params, handshake state.
    const routes = bind(ROUTES, (context, { family }): Call => {
      const session = this.sessionFor(family);
      // The context last: put first it takes V8 ten times as long.
      const streams = { fileHandles, missingWatches, httpStreams, waits, portConnections };
      return { session, environmentInfo, ...streams, ...context };
    });
    // `initialize` has priority, so that what was sent behind it finds it done.
    const shakeHands = { priority: 'control', run: (params: unknown) => this.initialize(params) } as const;
    this.methods = new Map([[initialize.name, shakeHands], ...routes]);
  }

  refuse(method: string): never {
    throw new RpcError(ErrorCode.methodNotFound, `exec-server stub does not implement \`${method}\` yet`);
  }

  notification(method: string): boolean {
    if (method !== INITIALIZED || !this.session) return false;
    this.isReady = true;
    return true;
  }

  /** What belongs to the connection ends with it; the session lives on for a while. */
  end(): void {
    this.hasEnded = true;
    this.missingWatches[Symbol.dispose]();
    this.httpStreams[Symbol.dispose]();
    this.portConnections[Symbol.dispose]();
    void this.fileHandles[Symbol.asyncDispose]();
    const { sessions, scope } = this.services;
    if (this.session) sessions.detach(this.session, scope.sink);
  }

  private initialize(
    params: unknown,
  ): execServer.handshake.InitializeResult | Promise<execServer.handshake.InitializeResult> {
    const { clientName, resumeSessionId } = initialize.decode(params);
    if (this.session || this.isResuming)
      throw invalidRequest('initialize may only be sent once per connection');
    const { scope, sessions } = this.services;
    if (resumeSessionId === undefined) return this.welcome(sessions.create(clientName, scope.sink));
    const resumed = sessions.resume(resumeSessionId, scope.sink);
    return resumed instanceof Promise ? this.welcomeLater(resumed) : this.welcome(resumed);
  }

  /** The session is asked of a connection that may be dead. */
  private async welcomeLater(resumed: Promise<Session>): Promise<execServer.handshake.InitializeResult> {
    this.isResuming = true;
    try {
      return this.welcome(await resumed);
    } finally {
      this.isResuming = false;
    }
  }

  private welcome(session: Session): execServer.handshake.InitializeResult {
    const { scope, sessions } = this.services;
    this.session = session;
    if (this.hasEnded) sessions.detach(session, scope.sink);
    scope.initialized();
    const environmentInfo = this.services.environmentInfo();
    return { sessionId: session.id, environmentInfo, protocolVersion: v0.commands.PROTOCOL_VERSION };
  }

  /**
   * The session, once the handshake is done.
   *
   * @throws RpcError -32600 that names `family` before
   */
  sessionFor(family: Family): Session {
    if (!this.session) throw invalidRequest(`client must call initialize before using ${family} methods`);
    if (!this.isReady) throw invalidRequest(`client must send initialized before using ${family} methods`);
    return this.session;
  }
}
