export type {
  ExecBackend,
  ExecOutputChunk,
  ExecParams,
  ExecProcess,
  ExecProcessEvent,
  ReadResponse,
  WriteResponse,
} from './execBackend';
export { LocalExecBackend } from './localExecBackend';
export type { HostBackend, HostParams, HostProcess } from './hostBackend';
export { LocalHostBackend } from './localHostBackend';
export { CrashGuard } from '../process/crashGuard';
export type { EnvPolicy } from '../process/envPolicy';
export { hostEnvironment } from '../process/hostEnvironment';
export type { ManagedProcess } from '../process/managedProcess';
export type { StreamSnapshot } from '../process/outputEnds';
export { ProcessTable } from '../process/processTable';
export { DEFAULT_SIZE } from '../process/types';
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
