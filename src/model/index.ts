// The words that a process here and one elsewhere have in common: types and their constants, no behaviour.
export {
  STREAMS,
  type ExecProcessEvent,
  type OutputChunk,
  type OutputStream,
  type ProcessEvent,
  type ReadResult,
} from './output';
export type { Listening, Look, Member, Usage } from './look';
export {
  CWD_RULE,
  DEFAULT_SIZE,
  NOT_ELSEWHERE,
  type EnvPolicy,
  type ExecParams,
  type Hold,
  type SandboxPolicy,
  type TerminalSize,
  type WriteResponse,
  type WriteStatus,
} from './params';
export type { NeededInput, Waiting } from './waiting';
