import { isObject } from './incoming';
import type { NumberedEvent, StreamName } from './eventOrder';

/** One notification about a process (PROTOCOL chapter 6). */
export interface ProcessNotification {
  readonly processId: string;
  readonly event: NumberedEvent;
}

const STREAMS: readonly unknown[] = ['stdout', 'stderr', 'pty'] satisfies StreamName[];

/** Undefined for any other notification, and for one that makes no sense. */
export function readNotification(method: string, params: unknown): ProcessNotification | undefined {
  if (!isObject(params)) return undefined;
  const { processId, seq, exitCode } = params;
  if (typeof processId !== 'string' || !isSeq(seq)) return undefined;
  switch (method) {
    case 'process/output': {
      const output = readChunk(params);
      return output && { processId, event: { type: 'output', ...output } };
    }
    case 'process/exited':
      if (!Number.isInteger(exitCode)) return undefined;
      return { processId, event: { type: 'exited', seq, exitCode: exitCode as number } };
    case 'process/closed':
      return { processId, event: { type: 'closed', seq } };
    default:
      return undefined;
  }
}

/** One answer to `process/read` (PROTOCOL chapter 7); throws a sentence for anything else. */
export interface ReadPage {
  readonly chunks: readonly (NumberedEvent & { type: 'output' })[];
  readonly nextSeq: number;
  readonly exited: boolean;
  readonly exitCode: number | null;
  readonly closed: boolean;
}

export function readPage(result: unknown): ReadPage {
  if (!isObject(result) || !Array.isArray(result['chunks']) || !isSeq(result['nextSeq'])) {
    throw new Error('the server’s answer to process/read makes no sense');
  }
  const chunks = (result['chunks'] as unknown[]).flatMap((chunk) => {
    const output = isObject(chunk) ? readChunk(chunk) : undefined;
    return output ? [{ type: 'output' as const, ...output }] : [];
  });
  const { nextSeq, exited, exitCode, closed } = result;
  return {
    chunks,
    nextSeq,
    exited: exited === true,
    // -1: it exited, and nobody knows how.
    exitCode: typeof exitCode === 'number' ? exitCode : exited === true ? -1 : null,
    closed: closed === true,
  };
}

function readChunk(
  params: Readonly<Record<string, unknown>>,
): { seq: number; stream: StreamName; chunk: Buffer } | undefined {
  const { seq, stream, chunk } = params;
  if (!isSeq(seq) || typeof chunk !== 'string' || !STREAMS.includes(stream)) return undefined;
  return { seq, stream: stream as StreamName, chunk: Buffer.from(chunk, 'base64') };
}

function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
