import type { RequestContext } from '../../../rpc';
import type { Outlet } from '../../outlet';
import type { ProcessScope } from '../../processScope';
import type { Session } from '../../session';
import type { MethodSet, SetMethod } from '../methodSet';
import type { V0Call } from './call';
import { handlers } from './handlers';

const HANDLERS = new Map(handlers.map((entry) => [entry.name, entry]));

/** Dialect (b) on one connection: `command/exec` and its companions. */
export class V0Methods implements MethodSet {
  private scope: ProcessScope | undefined;
  private lastSession = 0;

  constructor(private readonly outlet: Outlet) {}

  find(method: string): SetMethod | undefined {
    const found = HANDLERS.get(method);
    if (!found) return undefined;
    const prepare: SetMethod['prepare'] = (params) => {
      const run = found.prepare(params);
      return (session, context) => run(this.call(session, context));
    };
    return { lane: found.lane, prepare };
  }

  /** There is no resume here: the processes end at once. */
  end(): void {
    void this.scope?.end({ from: 'kill', by: 'client' });
  }

  private call(session: Session, context: RequestContext): V0Call {
    const scope = (this.scope ??= session.openScope('exec-server v0'));
    const nextSessionId = () => `session-${++this.lastSession}`;
    return { ...context, scope, outlet: this.outlet, nextSessionId };
  }
}
