import { AppServerMethods, Notifier } from './appServer';
import type { Dialect } from './dialect';
import { ExecServerDialect } from './execServer';
import type { MethodMap } from './methods';
import type { DialectServices } from './services';
import { V0Methods } from './v0';

/**
 * A connection whose client said `clientName`: dialect (a), and beside it the methods of the others,
 * told apart by their names (docs/protocol/dialects.md#choice). Whatever has no method name follows (a).
 */
export class ExecMode implements Dialect {
  readonly isLenient = false;
  readonly methods: MethodMap;
  private readonly main: ExecServerDialect;
  private readonly v0: V0Methods;
  private readonly appServer: AppServerMethods;

  constructor(services: DialectServices) {
    const { sink } = services.scope;
    this.main = new ExecServerDialect(services);
    const session = () => this.main.sessionFor('exec');
    this.v0 = new V0Methods(sink, session);
    const notifier = new Notifier(sink, { isTimed: false, optOut: new Set() });
    this.appServer = new AppServerMethods(notifier, services.budget, session);
    this.methods = new Map([...this.main.methods, ...this.v0.bound, ...this.appServer.bound]);
  }

  refuse(method: string): never {
    return this.main.refuse(method);
  }

  notification(method: string): boolean {
    return this.main.notification(method);
  }

  /** The others' processes end; those of (a) live on with their session. */
  end(): void {
    this.v0.end();
    this.appServer.end();
    this.main.end();
  }
}
