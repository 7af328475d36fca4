import { method } from '../method';
import { maybe, u64 } from '../schemas';
import { onProcess } from './processName';
import { terminalSize } from './terminalSize';

/** PROTOCOL chapter 17: what the reference does not have. */
export const closeStdin = method('process/closeStdin', onProcess({}));
export const resize = method('process/resize', onProcess(terminalSize));
export const snapshot = method('process/snapshot', onProcess({}));
export const wait = method(
  'process/wait',
  onProcess({
    /** Milliseconds; none is no limit. */
    timeoutMs: maybe(u64),
  }),
);

export interface WaitResult {
  readonly exited: boolean;
  readonly exitCode: number | null;
  readonly closed: boolean;
}

/** Where output is missing from a snapshot, and how much of it. */
export interface Gap {
  /** Bytes of the snapshot's stream before the gap. */
  readonly at: number;
  /** Bytes left out; 0 if the stream is whole. */
  readonly bytes: number;
}

/** The beginning and the end of each stream, as base64. */
export interface SnapshotResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly terminal: string;
  /** Something was left out. */
  readonly truncated: boolean;
  readonly omitted: { readonly stdout: Gap; readonly stderr: Gap; readonly terminal: Gap };
  readonly exitCode: number | null;
  /** It has not exited. */
  readonly running: boolean;
}
