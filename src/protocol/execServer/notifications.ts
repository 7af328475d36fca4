import { deltaMessage } from '../deltaMessage';

/** The three notifications about a process (PROTOCOL chapter 6), as ready bytes: output is the hot path. */

/** Everything that is the same in each notification about one process. */
export interface NotificationHeads {
  readonly output: string;
  readonly exited: string;
  readonly closed: string;
}

export function notificationHeads(processId: string): NotificationHeads {
  const id = JSON.stringify(processId);
  const head = (name: string) => `{"method":"process/${name}","params":{"processId":${id},"seq":`;
  return { output: head('output'), exited: head('exited'), closed: head('closed') };
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
