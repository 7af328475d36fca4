import * as v from 'valibot';
import { deltaMessage, type Allocate } from '../deltaMessage';
import { notification } from '../notification';
import { base64 } from '../schemas';

const delta = notification(
  'command/exec/outputDelta',
  v.strictObject({ sessionId: v.string(), stream: v.picklist(['stdout', 'stderr']), chunk: base64 }),
  { page: 'v0', summary: 'A piece of output; that of a terminal is `stdout`. It may follow the exit.' },
);
const exit = notification(
  'command/exec/exited',
  v.strictObject({ sessionId: v.string(), exitCode: v.number() }),
  { page: 'v0', summary: 'The process has ended, and its session is forgotten.' },
);
export const commandNotifications = [delta, exit];

/**
 * A terminal has one stream, which is `stdout` here.
 *
 * @param allocate where the bytes of the message go
 */
export function outputDelta(
  allocate: Allocate,
  sessionId: string,
  stream: 'stdout' | 'stderr',
  chunk: Buffer,
): Buffer {
  const id = JSON.stringify(sessionId);
  const head = `{"method":"${delta.name}","params":{"sessionId":${id},"stream":"${stream}","chunk":"`;
  return deltaMessage(allocate, head, chunk, '"}}');
}

/** Output may follow it. */
export function exited(sessionId: string, exitCode: number): string {
  return JSON.stringify({ method: exit.name, params: { sessionId, exitCode } });
}
