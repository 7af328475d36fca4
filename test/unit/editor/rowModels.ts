/** Processes in every state, as rows know them. */
import type { ProcessViewModel } from '../../../src/editor/tree/viewModel';

/** Half past two in the morning, today. */
export const STARTED_AT = new Date().setHours(2, 30, 0, 0);

export const RUNNING: ProcessViewModel = {
  state: 'running',
  exitCode: null,
  exitSignal: null,
  startedAt: STARTED_AT,
  endedAt: null,
  tty: false,
  stdinOpen: false,
  closed: false,
  far: false,
  numbered: true,
  signalled: true,
  reached: true,
  stopping: false,
  waiting: null,
  keyboard: { taken: false, heldBytes: null },
  attended: true,
  stop: null,
  noStart: null,
  dialect: 'exec-server',
};
export const ENDED = { endedAt: STARTED_AT + 3000, closed: true } as const;
export const SURVIVED = { asked: 3, left: [{ pid: 7, command: 'sleep' }], done: true };
export const MODELS: ProcessViewModel[] = [
  RUNNING,
  { ...RUNNING, stopping: true, tty: true, stdinOpen: true },
  { ...RUNNING, ...ENDED, state: 'exited', exitCode: 0 },
  { ...RUNNING, ...ENDED, state: 'exited', exitCode: 1, tty: true },
  { ...RUNNING, ...ENDED, state: 'killed', exitCode: 143, stopping: true },
  { ...RUNNING, ...ENDED, state: 'lost', exitCode: -1 },
  { ...RUNNING, ...ENDED, state: 'exited', exitCode: 0, closed: false },
  { ...RUNNING, ...ENDED, state: 'unstarted', noStart: { why: 'failed', reason: 'No such file' } },
  { ...RUNNING, ...ENDED, state: 'unstarted', noStart: { why: 'sandbox', reason: 'no' } },
];
