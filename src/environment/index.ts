export type { ExecBackend, ExecParams, ExecProcess } from './execBackend';
export { LocalBackend } from './localBackend';
export type { EnvPolicy } from '../process/envPolicy';
export { hostEnvironment } from '../process/hostEnvironment';
export type { ManagedProcess } from '../process/managedProcess';
export type { StreamSnapshot } from '../process/outputEnds';
export { ProcessTable } from '../process/processTable';
export type {
  Attachment,
  OutputChunk,
  OutputStream,
  ProcessEvent,
  ProcessOwner,
  ProcessState,
  ReadResult,
  Rung,
  StopOptions,
  Survivor,
  TerminalSize,
  WriteStatus,
} from '../process/types';
