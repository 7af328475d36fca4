export * as disk from './disk';
export type { DiskPath, FileKind, FileStats } from './disk';
export type { EntryKind, List, ListEntry } from './list';
export type { ListOptions } from './listCalls';
export { isWaitingForDisk } from './processLane';
export { SilentDiskError } from './silentDiskError';
export type { CopyPair } from './treeCalls';
