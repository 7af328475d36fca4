import * as v from 'valibot';
import { method, type ResultOf } from '../method';
import { base64, maybe, nothing, u64 } from '../schemas';
import { writeResult } from './process';
import { onProcess } from './processName';
import { terminalSize } from './terminalSize';

const UNKNOWN = 'No process of this id.';

/** PROTOCOL chapter 17: what the reference does not have. */
export const closeStdin = method('process/closeStdin', onProcess({}), {
  chapter: '17',
  summary: 'Ends the input, behind what is queued.',
  result: writeResult,
  errors: { internal: 'The process takes no input any more.' },
});
export const resize = method('process/resize', onProcess(terminalSize), {
  chapter: '17',
  summary: 'A new size for a terminal.',
  result: nothing,
  errors: { invalidRequest: 'No process of this id, or no terminal.' },
});

/** Where output is missing from a snapshot, and how much of it. */
const gap = v.strictObject({
  /** Bytes of the snapshot's stream before the gap. */
  at: v.number(),
  /** Bytes left out; 0 if the stream is whole. */
  bytes: v.number(),
});
export type Gap = v.InferOutput<typeof gap>;

export const snapshot = method('process/snapshot', onProcess({}), {
  chapter: '17',
  summary: 'The beginning and the end of each stream, and what was left out in between.',
  result: v.strictObject({
    stdout: base64,
    stderr: base64,
    terminal: base64,
    /** Something was left out. */
    truncated: v.boolean(),
    omitted: v.strictObject({ stdout: gap, stderr: gap, terminal: gap }),
    exitCode: v.nullable(v.number()),
    /** It has not exited. */
    running: v.boolean(),
  }),
  errors: { invalidRequest: UNKNOWN },
});
export type SnapshotResult = ResultOf<typeof snapshot>;

export const wait = method(
  'process/wait',
  onProcess({
    /** Milliseconds; none is no limit. */
    timeoutMs: maybe(u64),
  }),
  {
    chapter: '17',
    summary: 'Answers when the process has closed, or after `timeoutMs` ms. Holds up nothing else.',
    result: v.strictObject({
      exited: v.boolean(),
      exitCode: v.nullable(v.number()),
      closed: v.boolean(),
    }),
    errors: { invalidRequest: 'No process of this id; 1,024 requests of this connection wait already.' },
  },
);
export type WaitResult = ResultOf<typeof wait>;
