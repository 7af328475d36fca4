import type { RequestContext } from '../../../rpc';
import type { ProcessScope } from '../../processScope';
import type { ScopedProcess } from '../../scopedProcess';
import type { Session } from '../../session';
import type { MethodSet, SetMethod } from '../methodSet';
import type { AppServerCall, Traits } from './call';
import { handlers } from './handlers';
import type { Notifier } from './notifier';
import type { ProcessReport } from './processReport';

const HANDLERS = new Map(handlers.map((entry) => [entry.name, entry]));

/** The names of the methods of this dialect beside its handshake. */
export const METHOD_NAMES: readonly string[] = [...HANDLERS.keys()];

/** `process/spawn` and its companions on one connection, in whatever mode that is. */
export class AppServerMethods implements MethodSet {
  private scope: ProcessScope | undefined;
  private readonly traits = new WeakMap<ScopedProcess, Traits>();
  private readonly reports = new Set<ProcessReport>();

  constructor(private readonly notifier: Notifier) {}

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
    for (const report of this.reports) report.dispose();
    this.reports.clear();
    void this.scope?.end({ from: 'kill', by: 'client' });
  }

  private call(session: Session, context: RequestContext): AppServerCall {
    const scope = (this.scope ??= session.openScope('app-server'));
    const { notifier, traits, reports } = this;
    return { ...context, scope, notifier, traits, reports };
  }
}
