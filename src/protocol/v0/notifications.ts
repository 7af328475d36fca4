import { deltaMessage } from '../deltaMessage';

/** A terminal has one stream, which is `stdout` here. */
export function outputDelta(sessionId: string, stream: 'stdout' | 'stderr', chunk: Buffer): Buffer {
  const id = JSON.stringify(sessionId);
  const head = `{"method":"command/exec/outputDelta","params":{"sessionId":${id},"stream":"${stream}","chunk":"`;
  return deltaMessage(head, chunk, '"}}');
}

/** Output may follow it. */
export function exited(sessionId: string, exitCode: number): string {
  return JSON.stringify({ method: 'command/exec/exited', params: { sessionId, exitCode } });
}
