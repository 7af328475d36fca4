import {
  STREAMS,
  type OutputChunk,
  type OutputStream,
  type ProcessEvent,
  type ReadResult,
  type Waiting,
} from '../model';
import { execServer } from '../protocol';
import { isObject } from '../values';

const { output, exited, closed, needsInput } = execServer.notifications;

/** One notification about a process (docs/protocol/output.md#sequence). */
export interface ProcessNotification {
  readonly processId: string;
  readonly event: ProcessEvent;
}

/** Undefined for any other notification, and for one that makes no sense. */
export function readNotification(method: string, params: unknown): ProcessNotification | undefined {
  if (!isObject(params)) return undefined;
  const { processId, seq, exitCode } = params;
  if (typeof processId !== 'string' || !isSeq(seq)) return undefined;
  switch (method) {
    case output.name: {
      const chunk = readChunk(params);
      return chunk && { processId, event: { type: 'output', ...chunk } };
    }
    case exited.name:
      if (!Number.isInteger(exitCode)) return undefined;
      return { processId, event: { type: 'exited', seq, exitCode: exitCode as number, ...signalOf(params) } };
    case closed.name:
      return { processId, event: { type: 'closed', seq } };
    default:
      return undefined;
  }
}

function signalOf({ signal }: Readonly<Record<string, unknown>>): { readonly signal?: number } {
  return isSeq(signal) ? { signal } : {};
}

/** What a process needs, by `process/needsInput` (docs/protocol/extensions.md#processneedsinput). */
export interface NeedsNotification {
  readonly processId: string;
  readonly needed: Waiting | null;
}

/** Undefined for any other notification, and for one that makes no sense. */
export function readNeeds(method: string, params: unknown): NeedsNotification | undefined {
  if (method !== needsInput.name || !isObject(params)) return undefined;
  const { processId } = params;
  const needed = neededOf(params);
  return typeof processId === 'string' && needed !== undefined ? { processId, needed } : undefined;
}

/** A question is cut to so many characters, whatever the server sends. */
const QUESTION_CHARACTERS = 200;

function neededOf(params: Readonly<Record<string, unknown>>): Waiting | null | undefined {
  const needed = params['needsInput'];
  if (needed === null) return null;
  if (!isObject(needed)) return undefined;
  const { kind, question } = needed;
  if (!isKind(kind) || typeof question !== 'string') return undefined;
  return { kind, question: question.slice(0, QUESTION_CHARACTERS) };
}

function isKind(value: unknown): value is Waiting['kind'] {
  return value === 'input' || value === 'secret' || value === 'prompt';
}

/** One answer to `process/read`: servers do not tell how much of the past is gone. */
export interface ReadAnswer extends Omit<ReadResult, 'droppedBytes'> {
  /** Undefined where the server does not tell. */
  readonly needed: Waiting | null | undefined;
}

/**
 * Reads such an answer (docs/protocol/read.md#processread).
 *
 * @throws Error with a sentence for anything else
 */
export function readPage(result: unknown): ReadAnswer {
  if (!isObject(result) || !Array.isArray(result['chunks']) || !isSeq(result['nextSeq'])) {
    throw new Error('the server’s answer to process/read makes no sense');
  }
  const chunks = (result['chunks'] as unknown[]).flatMap((chunk) => {
    const read = isObject(chunk) ? readChunk(chunk) : undefined;
    return read ? [read] : [];
  });
  const { nextSeq, exitCode } = result;
  const hasExited = result['exited'] === true;
  return {
    chunks,
    nextSeq,
    exited: hasExited,
    // -1: it exited, and nobody knows how.
    exitCode: typeof exitCode === 'number' ? exitCode : hasExited ? -1 : null,
    closed: result['closed'] === true,
    needed: neededOf(result),
  };
}

function readChunk(params: Readonly<Record<string, unknown>>): OutputChunk | undefined {
  const { seq, stream, chunk } = params;
  if (!isSeq(seq) || typeof chunk !== 'string' || !isStream(stream)) return undefined;
  return { seq, stream, chunk: Buffer.from(chunk, 'base64') };
}

function isStream(value: unknown): value is OutputStream {
  return (STREAMS as readonly unknown[]).includes(value);
}

function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
