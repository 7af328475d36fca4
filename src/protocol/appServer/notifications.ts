import * as v from 'valibot';
import { deltaMessage, type Allocate } from '../deltaMessage';
import { notification } from '../notification';
import { base64 } from '../schemas';

const exitedParams = v.strictObject({
  processHandle: v.string(),
  exitCode: v.number(),
  outputDrainTimedOut: v.boolean(),
  /** Empty where output was sent as deltas. */
  stdout: v.string(),
  stdoutCapReached: v.boolean(),
  stderr: v.string(),
  stderrCapReached: v.boolean(),
});
export type ExitedParams = v.InferOutput<typeof exitedParams>;

const delta = notification(
  'process/outputDelta',
  v.strictObject({
    processHandle: v.string(),
    stream: v.picklist(['stdout', 'stderr']),
    deltaBase64: base64,
    capReached: v.boolean(),
  }),
  {
    page: 'app-server',
    summary: 'A piece of output, if it is streamed. With `capReached` the last of its stream.',
  },
);
const exit = notification('process/exited', exitedParams, {
  page: 'app-server',
  summary: 'The last message about a handle: ended, and its streams at their end or capped, or 2 s later.',
});
export const processNotifications = [delta, exit];

/** The names of docs/protocol/app-server.md#output. */
export const OUTPUT_DELTA = delta.name;
export const EXITED = exit.name;

export interface Delta {
  readonly stream: 'stdout' | 'stderr';
  readonly chunk: Buffer;
  /** Nothing of this stream follows. */
  readonly capReached: boolean;
}

/**
 * @param allocate where the bytes of the message go
 * @param emittedAtMs left out where the connection is not in this dialect's mode
 */
export function outputDelta(
  allocate: Allocate,
  processHandle: string,
  piece: Delta,
  emittedAtMs: number | undefined,
): Buffer {
  const handle = JSON.stringify(processHandle);
  const { stream, chunk, capReached } = piece;
  const head = `{"method":"${OUTPUT_DELTA}","params":{"processHandle":${handle},"stream":"${stream}","deltaBase64":"`;
  const emitted = emittedAtMs === undefined ? '' : `,"emittedAtMs":${emittedAtMs}`;
  return deltaMessage(allocate, head, chunk, `","capReached":${capReached}}${emitted}}`);
}

/** The last message about a handle. */
export function exited(params: ExitedParams, emittedAtMs: number | undefined): string {
  return JSON.stringify({ method: EXITED, params, emittedAtMs });
}
