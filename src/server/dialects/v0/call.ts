import type { RequestContext } from '../../../rpc';
import type { Outlet } from '../../outlet';
import type { ProcessScope } from '../../processScope';

/** What a v0 handler works with. */
export interface V0Call extends RequestContext {
  /** The sessions of this connection. */
  readonly scope: ProcessScope;
  readonly outlet: Outlet;
  /** `session-1`, `session-2`, … */
  nextSessionId(): string;
}
