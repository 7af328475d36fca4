import type { MemoryBudget } from '../../../http';
import type { ProcessEntry } from '../../sessions/processEntry';
import type { ProcessNamespace } from '../../sessions/processNamespace';
import type { Session } from '../../sessions/session';
import { bind, type BoundMethod, type Handler } from '../methods';
import type { AppServerCall, Traits } from './call';
import { handlers } from './handlers';
import type { Notifier } from './notifier';
import type { ProcessReport } from './processReport';

/** `process/spawn` and its companions on one connection, in whatever mode that is. */
export class AppServerMethods {
  readonly bound: readonly [string, BoundMethod][];
  private processes: ProcessNamespace | undefined;
  private readonly traits = new WeakMap<ProcessEntry, Traits>();
  private readonly reports = new Set<ProcessReport>();

  /**
   * @param budget of the connection
   * @param session the connection's, for a call of the named method; throws where the client may not call it
   * @param adapt what the mode of the connection makes of each handler
   */
  constructor(
    notifier: Notifier,
    budget: MemoryBudget,
    session: (method: string) => Session,
    adapt: (handler: Handler<AppServerCall>) => Handler<AppServerCall> = (handler) => handler,
  ) {
    const { traits, reports } = this;
    this.bound = bind(handlers.map(adapt), (context, { name }): AppServerCall => {
      const owner = session(name);
      const processes = (this.processes ??= owner.openNamespace('app-server'));
      // The context last: put first it takes V8 ten times as long.
      return { processes, notifier, budget, traits, reports, ...context };
    });
  }

  /** There is no resume here: the processes end at once. */
  end(): void {
    for (const report of this.reports) report.dispose();
    this.reports.clear();
    void this.processes?.end({ from: 'kill', by: 'gone' });
  }
}
