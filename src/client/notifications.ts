import {
  STREAMS,
  type OutputChunk,
  type OutputStream,
  type ProcessEvent,
  type ReadResult,
  type Waiting,
} from '../model';
import { isObject } from '../values';

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
    case 'process/output': {
      const output = readChunk(params);
      return output && { processId, event: { type: 'output', ...output } };
    }
    case 'process/exited':
      if (!Number.isInteger(exitCode)) return undefined;
      return { processId, event: { type: 'exited', seq, exitCode: exitCode as number, ...signalOf(params) } };
    case 'process/closed':
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
  if (method !== 'process/needsInput' || !isObject(params)) return undefined;
  const { processId } = params;
  const needed = neededOf(params);
  return typeof processId === 'string' && needed !== undefined ? { processId, needed } : undefined;
}

/** A question is cut to so many characters, whatever the server sends. */
const QUESTION_CHARACTERS = 200;

function neededOf({ needsInput }: Readonly<Record<string, unknown>>): Waiting | null | undefined {
  if (needsInput === null) return null;
  if (!isObject(needsInput)) return undefined;
  const { kind, question } = needsInput;
  if (!isKind(kind) || typeof question !== 'string') return undefined;
  return { kind, question: question.slice(0, QUESTION_CHARACTERS) };
}

function isKind(value: unknown): value is Waiting['kind'] {
  return value === 'input' || value === 'secret' || value === 'prompt';
}

/** One answer to `process/read`: servers do not tell how much of the past is gone. */
export interface ReadPage extends Omit<ReadResult, 'droppedBytes'> {
  /** Undefined where the server does not tell. */
  readonly needed: Waiting | null | undefined;
}

/**
 * Reads such an answer (docs/protocol/read.md#processread).
 *
 * @throws Error with a sentence for anything else
 */
export function readPage(result: unknown): ReadPage {
  if (!isObject(result) || !Array.isArray(result['chunks']) || !isSeq(result['nextSeq'])) {
    throw new Error('the server’s answer to process/read makes no sense');
  }
  const chunks = (result['chunks'] as unknown[]).flatMap((chunk) => {
    const output = isObject(chunk) ? readChunk(chunk) : undefined;
    return output ? [output] : [];
  });
  const { nextSeq, exited, exitCode, closed } = result;
  return {
    chunks,
    nextSeq,
    exited: exited === true,
    // -1: it exited, and nobody knows how.
    exitCode: typeof exitCode === 'number' ? exitCode : exited === true ? -1 : null,
    closed: closed === true,
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
