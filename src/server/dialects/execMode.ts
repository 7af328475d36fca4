import type { RequestContext } from '../../rpc';
import type { Dialect } from '../connection';
import { AppServerMethods, Notifier } from './appServer';
import { ExecServerDialect, type DialectServices } from './execServer';
import type { MethodSet, SetMethod } from './methodSet';
import { V0Methods } from './v0';

/**
 * A connection whose client said `clientName`: dialect (a), and beside it the methods of the others,
 * told apart by their names (PROTOCOL chapter 16). Whatever has no method name follows (a).
 */
export class ExecMode implements Dialect {
  private readonly main: ExecServerDialect;
  private readonly others: readonly MethodSet[];

  constructor(services: DialectServices) {
    const { outlet } = services.scope;
    this.main = new ExecServerDialect(services);
    const notifier = new Notifier(outlet, { isTimed: false, optOut: new Set() });
    this.others = [new V0Methods(outlet), new AppServerMethods(notifier)];
  }

  lane(method: string): 'immediate' | 'ordinary' {
    return this.other(method)?.lane ?? this.main.lane(method);
  }

  request(method: string, params: unknown, context: RequestContext): unknown {
    const other = this.other(method);
    if (!other) return this.main.request(method, params, context);
    const run = other.prepare(params);
    return run(this.main.sessionFor('exec'), context);
  }

  notification(method: string): boolean {
    return this.main.notification(method);
  }

  /** The others' processes end; those of (a) live on with their session. */
  end(): void {
    for (const set of this.others) set.end();
    this.main.end();
  }

  private other(method: string): SetMethod | undefined {
    for (const set of this.others) {
      const found = set.find(method);
      if (found) return found;
    }
    return undefined;
  }
}
