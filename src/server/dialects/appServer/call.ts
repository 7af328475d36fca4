import type { MemoryBudget } from '../../../http';
import type { RequestContext } from '../../../rpc';
import type { ProcessEntry } from '../../sessions/processEntry';
import type { ProcessNamespace } from '../../sessions/processNamespace';
import type { Notifier } from './notifier';
import type { ProcessReport } from './processReport';

/** What a client may do with one of its processes. */
export interface Traits {
  readonly tty: boolean;
  readonly streamStdin: boolean;
  /** The client has closed stdin. */
  stdinClosed: boolean;
}

/** What a handler of this dialect works with. */
export interface AppServerCall extends RequestContext {
  /** By the handles of this connection. */
  readonly processes: ProcessNamespace;
  readonly notifier: Notifier;
  /** What this connection may have the server hold. */
  readonly budget: MemoryBudget;
  readonly traits: WeakMap<ProcessEntry, Traits>;
  /** Those that have not told the exit. */
  readonly reports: Set<ProcessReport>;
}
