export {
  ConnectError,
  DISCONNECTED,
  DisconnectedError,
  type AuthBearerToken,
  type ConnectOptions,
  type EnvironmentInfo,
  type ExecServerAddress,
} from '../client';
export { Environment, LOCAL_ENVIRONMENT_ID, REMOTE_ENVIRONMENT_ID, type LocalPlace } from './environment';
export type { EnvironmentConfig } from './environmentConfig';
export {
  CODEX_EXEC_SERVER_URL,
  EnvironmentManager,
  type EnvironmentManagerOptions,
} from './environmentManager';
export type { EnvironmentState } from './lazyClient';
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
export { WHOLE_ENVIRONMENT, type EnvPolicy } from '../process/envPolicy';
export { hostEnvironment } from '../process/hostEnvironment';
export type { ManagedProcess } from '../process/managedProcess';
export type { StreamSnapshot } from '../process/outputEnds';
export { startElsewhere, type RemotePlace } from './remoteStart';
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
