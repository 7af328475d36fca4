// The face of the room: what other rooms use of processes on this machine. Its inner rooms are its own matter.
export {
  UNKNOWN_EXIT_CODE,
  type ChildExit,
  type ChildSink,
  type KeptFacts,
  type RemoteChildHandle,
  type ShownChildHandle,
  type StdinPipe,
} from './child';
export { buildEnvironment, enforceExclusions, WHOLE_ENVIRONMENT } from './env/envPolicy';
export { hostEnvironment } from './env/hostEnvironment';
export { LimitError, NoTerminalError, SpawnError } from './errors';
export { canConnectTo, canLookAt, connectTo, lookAt, loopbackOf } from './members';
export type { ManagedProcess } from './managedProcess';
export { exitAtOnce } from './native/exitAtOnce';
export type { AnyKeyboard } from './input/keyboard';
export { trimMemory } from './native/trimMemory';
export { CrashGuard } from './orphans/crashGuard';
export { identityOf, livesOn } from './observe/identity';
export { peerUser, type PeerUser } from './native/peerUser';
export { hostLives, pidScope, thisHost, type HostIdentity } from './orphans/hostIdentity';
export { ledgerFolder, makePrivate } from './orphans/ledgerFolder';
export type { StreamSnapshot } from './output/headTailBuffer';
export { canMergeStderr } from './streams/pipeChild';
export type { SpillOptions } from './output/spillFolder';
export { comesFromInside, isInside } from './sandbox/insiders';
export { ProcessTable } from './processTable';
export type { TableLimits } from './tableLimits';
export type { Writer } from './input/stdin';
export type { SizeChange } from './sizeHistory';
export { BufferPool, type PoolSizes } from './streams/bufferPool';
export type { ProcessTree } from './stop/processTree';
export { shownTree } from './stop/shownTree';
export type {
  Hold,
  NeededInput,
  NoStart,
  ChunkUse,
  OutputChunk,
  OutputStream,
  ProcessEvent,
  ProcessOwner,
  ProcessState,
  ReadResult,
  Rung,
  SpawnSpec,
  StopOptions,
  StopReport,
  Subscription,
  Survivor,
  TerminalSize,
  Waiting,
  WriteStatus,
} from './types';
export type { Viewer, ViewerEvents } from './viewing/audience';
