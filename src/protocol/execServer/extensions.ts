import * as v from 'valibot';
import { method, type ResultOf } from '../method';
import { base64, maybe, nothing, u64 } from '../schemas';
import { writeResult } from './process';
import { onProcess } from './processName';
import { terminalSize } from './terminalSize';

const UNKNOWN = 'No process of this id.';

/** What the reference does not have: docs/protocol/extensions.md. */
export const closeStdin = method('process/closeStdin', onProcess({}), {
  page: 'extensions',
  summary: 'Ends the input, behind what is queued.',
  result: writeResult,
  errors: { internal: 'The process takes no input any more.' },
});
export const resize = method('process/resize', onProcess(terminalSize), {
  page: 'extensions',
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
  page: 'extensions',
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

/** So many of a tree are told, and of a command line so many characters. */
export const MOST_MEMBERS = 1000;
export const MEMBER_CHARACTERS = 2000;

export const members = method(
  'process/members',
  onProcess({
    /** Also where they listen, which takes longer to see. */
    ports: v.optional(v.boolean(), false),
  }),
  {
    page: 'extensions',
    summary: 'The process and all that came of it, as far as it lives, with what each uses.',
    result: v.strictObject({
      members: v.array(
        v.strictObject({
          pid: v.number(),
          command: v.string(),
          /** Where the system tells. */
          usage: v.exactOptional(v.strictObject({ cpuMs: v.number(), memoryBytes: v.number() })),
        }),
      ),
      /** TCP ports, where they were asked for. */
      ports: v.exactOptional(v.array(v.strictObject({ port: v.number(), isOpenToOthers: v.boolean() }))),
    }),
    errors: { invalidRequest: UNKNOWN },
  },
);
export type MembersResult = ResultOf<typeof members>;

/** Those that end nothing by themselves which they should not: a stop has its own way. */
const SENDABLE = ['SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGSTOP', 'SIGCONT', 'SIGWINCH'] as const;

export const sendSignal = method(
  'process/sendSignal',
  onProcess({
    signal: v.picklist(SENDABLE),
    /** One of its members; all of them when absent. */
    pid: maybe(u64),
  }),
  {
    page: 'extensions',
    summary: 'Sends a signal to one of its members, or to all of them.',
    result: v.strictObject({
      /** Somebody was there to get it. */
      sent: v.boolean(),
    }),
    errors: { invalidRequest: UNKNOWN },
  },
);

export const wait = method(
  'process/wait',
  onProcess({
    /** Milliseconds; none is no limit. */
    timeoutMs: maybe(u64),
  }),
  {
    page: 'extensions',
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
