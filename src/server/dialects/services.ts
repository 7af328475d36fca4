import type { MemoryBudget, Network } from '../../http';
import type { EnvironmentInfo } from '../../protocol';
import type { ConnectionScope } from '../connection';
import type { SessionRegistry } from '../sessions/sessionRegistry';

/** What a dialect works with on its connection. */
export interface DialectServices {
  readonly scope: ConnectionScope;
  readonly sessions: SessionRegistry;
  readonly environmentInfo: () => EnvironmentInfo;
  readonly network: Network;
  /** Bounds the memory that this connection may take. */
  readonly budget: MemoryBudget;
}
