import type { RequestContext } from '../../../rpc';
import type { ProcessScope } from '../../processScope';
import type { ScopedProcess } from '../../scopedProcess';
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
  /** The handles of this connection. */
  readonly scope: ProcessScope;
  readonly notifier: Notifier;
  readonly traits: WeakMap<ScopedProcess, Traits>;
  /** Those that have not told the exit. */
  readonly reports: Set<ProcessReport>;
}
