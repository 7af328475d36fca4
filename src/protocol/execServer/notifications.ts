/**
 * The three notifications about a process (PROTOCOL chapter 6), as ready bytes.
 * Output is the hot path: the base64 of a chunk is written as latin1 between two constant parts
 * instead of going through a string of JSON.
 */

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
  const head = `${heads.output}${seq},"stream":"${stream}","chunk":"`;
  const headLength = Buffer.byteLength(head);
  const base64Length = Math.ceil(chunk.length / 3) * 4;
  const message = Buffer.allocUnsafe(headLength + base64Length + TAIL.length);
  message.write(head, 0, 'utf8');
  message.write(chunk.toString('base64'), headLength, 'latin1');
  message.write(TAIL, headLength + base64Length, 'latin1');
  return message;
}

const TAIL = '"}}';

/** `sandboxDenied` is always false: nothing runs in a sandbox here. Without it clients ask by process/read. */
export function exitedNotification(heads: NotificationHeads, seq: number, exitCode: number): string {
  return `${heads.exited}${seq},"exitCode":${exitCode},"sandboxDenied":false}}`;
}

export function closedNotification(heads: NotificationHeads, seq: number): string {
  return `${heads.closed}${seq}}}`;
}
