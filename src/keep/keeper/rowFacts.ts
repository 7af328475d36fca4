import type { ManagedProcess } from '../../environment';
import type { KeyboardFacts, RowEnd, RowFacts, RowState } from '../messages';

/** What a window is told of a row first. */
export function rowFacts(row: ManagedProcess, elsewhere: boolean): RowFacts {
  const {
    id: key,
    clientProcessId: processId,
    owner,
    pid,
    startedAt,
    noStart,
    spec,
    resizable,
    sandboxWords,
  } = row;
  const { argv, cwd, tty, pipeStdin, arg0, size, label, mergeStderr, leavesQuestions } = spec;
  return {
    ...{ key, processId, owner, pid, startedAt, noStart, resizable },
    spec: { argv, cwd, tty, pipeStdin, arg0, size, label, mergeStderr, leavesQuestions },
    hasStdin: row.stdinOpen,
    sandbox: sandboxWords,
    sizes: row.sizes.changes,
    state: rowState(row, elsewhere),
  };
}

/** What changes of it while it runs. */
export function rowState(row: ManagedProcess, elsewhere: boolean): RowState {
  const { open, written, taken, hold, heldBytes, hides, echoes } = row.keyboard;
  const keyboard: KeyboardFacts = {
    ...{ open, written, taken, hold, heldBytes, hides, echoes },
    elsewhere: taken && elsewhere,
  };
  return { keyboard, waiting: row.waiting };
}

/** How it ended, once it has. */
export function rowEnd(row: ManagedProcess): RowEnd {
  const { exitCode, exitSignal, endedAt, startedAt, stoppedBy, sandboxDenied, problem, state } = row;
  return {
    exitCode: state === 'lost' ? null : exitCode,
    signal: exitSignal,
    at: endedAt ?? startedAt,
    by: stoppedBy,
    denied: sandboxDenied,
    problem,
  };
}
