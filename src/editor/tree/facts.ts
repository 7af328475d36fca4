import type { ManagedProcess } from '../../environment/index';
import type { ProcessFacts } from './describe';

export function factsOf(process: ManagedProcess): ProcessFacts {
  return {
    state: process.state,
    exitCode: process.exitCode,
    startedAt: process.startedAt,
    endedAt: process.endedAt,
    tty: process.spec.tty,
    stdinOpen: process.stdinOpen,
    closed: process.closed,
    stopping: process.stoppedBy !== null,
    dialect: process.owner.dialect,
  };
}
