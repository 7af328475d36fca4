// The words that a process here and one elsewhere have in common: types and their constants, no behaviour.
export type { ExecProcessEvent, OutputChunk, OutputStream, ProcessEvent, ReadResult } from './output';
export type { Listening, Look, Member, Usage } from './look';
export {
  DEFAULT_SIZE,
  type EnvPolicy,
  type ExecParams,
  type Hold,
  type SandboxPolicy,
  type TerminalSize,
  type WriteStatus,
} from './params';
export type { NeededInput, Waiting } from './waiting';
