import * as v from 'valibot';
import { deltaMessage } from '../deltaMessage';
import { notification } from '../notification';
import { base64 } from '../schemas';

const ofProcess = { processId: v.string(), seq: v.number() };

export const output = notification(
  'process/output',
  v.strictObject({ ...ofProcess, stream: v.picklist(['stdout', 'stderr', 'pty']), chunk: base64 }),
  {
    chapter: '6',
    summary: 'A piece of output. One counter per process, from 1, over all three notifications.',
  },
);
export const exited = notification(
  'process/exited',
  v.strictObject({ ...ofProcess, exitCode: v.number(), sandboxDenied: v.boolean() }),
  { chapter: '6', summary: 'The process itself has ended; its descendants may still write.' },
);
export const closed = notification('process/closed', v.strictObject(ofProcess), {
  chapter: '6',
  summary: 'It has exited and its streams are at their end: the last notification about it.',
});
/** What a process may cause. */
export const processNotifications = [output, exited, closed];

/** The three notifications about a process (PROTOCOL chapter 6), as ready bytes: output is the hot path. */

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

export function outputNotification(
  heads: NotificationHeads,
  seq: number,
  stream: 'stdout' | 'stderr' | 'pty',
  chunk: Buffer,
): Buffer {
  return deltaMessage(`${heads.output}${seq},"stream":"${stream}","chunk":"`, chunk, '"}}');
}

/** `sandboxDenied` is always false: nothing runs in a sandbox here. Without it clients ask by process/read. */
export function exitedNotification(heads: NotificationHeads, seq: number, exitCode: number): string {
  return `${heads.exited}${seq},"exitCode":${exitCode},"sandboxDenied":false}}`;
}

export function closedNotification(heads: NotificationHeads, seq: number): string {
  return `${heads.closed}${seq}}}`;
}
