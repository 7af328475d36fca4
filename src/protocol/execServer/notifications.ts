import * as v from 'valibot';
import { deltaMessage, type Allocate } from '../deltaMessage';
import { notification } from '../notification';
import { base64 } from '../schemas';

const ofProcess = { processId: v.string(), seq: v.number() };

export const output = notification(
  'process/output',
  v.strictObject({ ...ofProcess, stream: v.picklist(['stdout', 'stderr', 'pty']), chunk: base64 }),
  {
    page: 'output',
    summary: 'A piece of output. One counter per process, from 1, over all three notifications.',
  },
);
export const exited = notification(
  'process/exited',
  v.strictObject({
    ...ofProcess,
    exitCode: v.number(),
    sandboxDenied: v.boolean(),
    /** The number of the signal that ended it, for clients that say a `lifetime`. */
    signal: v.exactOptional(v.number()),
  }),
  { page: 'output', summary: 'The process itself has ended; its descendants may still write.' },
);
export const closed = notification('process/closed', v.strictObject(ofProcess), {
  page: 'output',
  summary: 'It has exited and its streams are at their end: the last notification about it.',
});
/** What somebody is to type; null if nobody is needed. `prompt` only for those who asked for it. */
export const neededInput = v.nullable(
  v.strictObject({ kind: v.picklist(['input', 'secret', 'prompt']), question: v.string() }),
);
export const needsInput = notification(
  'process/needsInput',
  v.strictObject({ processId: v.string(), needsInput: neededInput }),
  {
    page: 'extensions',
    summary:
      'The process waits for somebody to type, or does so no more. Sent only where the start asked for it.',
  },
);
/** What a process may cause. */
export const processNotifications = [output, exited, closed];

/**
 * The three notifications about a process (docs/protocol/output.md#sequence), as ready bytes: output is the
 * hot path.
 */

/** Everything that is the same in each notification about one process. */
export interface NotificationHeads {
  readonly output: string;
  readonly exited: string;
  readonly closed: string;
}

export function notificationHeads(processId: string): NotificationHeads {
  const id = JSON.stringify(processId);
  const head = ({ name }: { name: string }) => `{"method":"${name}","params":{"processId":${id},"seq":`;
  return { output: head(output), exited: head(exited), closed: head(closed) };
}

/** @param allocate where the bytes of the message go */
export function outputNotification(
  allocate: Allocate,
  heads: NotificationHeads,
  seq: number,
  stream: 'stdout' | 'stderr' | 'pty',
  chunk: Buffer,
): Buffer {
  return deltaMessage(allocate, `${heads.output}${seq},"stream":"${stream}","chunk":"`, chunk, '"}}');
}

/**
 * Without `sandboxDenied` clients ask by process/read.
 *
 * @param signal the number of the one that ended it, to be told
 */
export function exitedNotification(
  heads: NotificationHeads,
  seq: number,
  exitCode: number,
  sandboxDenied: boolean,
  signal?: number | null,
): string {
  const told = signal == null ? '' : `,"signal":${signal}`;
  return `${heads.exited}${seq},"exitCode":${exitCode},"sandboxDenied":${sandboxDenied}${told}}}`;
}

export function closedNotification(heads: NotificationHeads, seq: number): string {
  return `${heads.closed}${seq}}}`;
}
