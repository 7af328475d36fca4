import { deltaMessage } from '../deltaMessage';

/** PROTOCOL chapter 15.3. */
export const OUTPUT_DELTA = 'process/outputDelta';
export const EXITED = 'process/exited';

export interface ExitedParams {
  readonly processHandle: string;
  readonly exitCode: number;
  readonly outputDrainTimedOut: boolean;
  /** Empty where output was sent as deltas. */
  readonly stdout: string;
  readonly stdoutCapReached: boolean;
  readonly stderr: string;
  readonly stderrCapReached: boolean;
}

export interface Delta {
  readonly stream: 'stdout' | 'stderr';
  readonly chunk: Buffer;
  /** Nothing of this stream follows. */
  readonly capReached: boolean;
}

/** @param emittedAtMs left out where the connection is not in this dialect's mode */
export function outputDelta(processHandle: string, delta: Delta, emittedAtMs: number | undefined): Buffer {
  const handle = JSON.stringify(processHandle);
  const { stream, chunk, capReached } = delta;
  const head = `{"method":"${OUTPUT_DELTA}","params":{"processHandle":${handle},"stream":"${stream}","deltaBase64":"`;
  const emitted = emittedAtMs === undefined ? '' : `,"emittedAtMs":${emittedAtMs}`;
  return deltaMessage(head, chunk, `","capReached":${capReached}}${emitted}}`);
}

/** The last message about a handle. */
export function exited(params: ExitedParams, emittedAtMs: number | undefined): string {
  return JSON.stringify({ method: EXITED, params, emittedAtMs });
}
