import { DEFAULT_RETAINED_BYTES } from './output/outputLog';
import { DEFAULT_TOTAL_RETAINED_BYTES } from './output/retention';
import { DEFAULT_SPILLED_BYTES, DEFAULT_TOTAL_SPILLED_BYTES } from './output/spillFolder';

/** The bounds of a table. */
export interface TableLimits {
  /** Processes that are not closed yet. */
  readonly maxProcesses: number;
  /** Closed rows that stay, the newest ones. */
  readonly maxFinished: number;
  readonly retainedBytesPerProcess: number;
  readonly retainedBytesTotal: number;
  /** Kept in a file when memory has no room for it, where there is a folder for that; 0 keeps nothing there. */
  readonly spilledBytesPerProcess: number;
  readonly spilledBytesTotal: number;
}

/** The bounds of a table that is not told otherwise. */
export const DEFAULT_LIMITS: TableLimits = {
  maxProcesses: 1024,
  maxFinished: 100,
  retainedBytesPerProcess: DEFAULT_RETAINED_BYTES,
  retainedBytesTotal: DEFAULT_TOTAL_RETAINED_BYTES,
  spilledBytesPerProcess: DEFAULT_SPILLED_BYTES,
  spilledBytesTotal: DEFAULT_TOTAL_SPILLED_BYTES,
};
