import { TextDecoder } from 'node:util';
import type { ManagedProcess, NeededInput, OutputStream, ReadResult } from '../environment';
import type { Output, ProcessDescription } from './api';

/** A process as JSON. `processId` is unique in this window, whoever started it. */
export function describeProcess(process: ManagedProcess): ProcessDescription {
  const {
    id: key,
    pid,
    environmentId,
    spec,
    state,
    exitCode,
    startedAt,
    endedAt,
    needsInput,
    noStart,
    owner,
    totalBytes,
    droppedBytes,
  } = process;
  return {
    processId: key,
    pid,
    environment: environmentId,
    argv: [...spec.argv],
    cwd: spec.cwd,
    tty: spec.tty,
    state,
    exitCode,
    startedAt,
    endedAt,
    needsInput,
    noStart,
    client: { id: owner.id, name: owner.name },
    totalBytes,
    droppedBytes,
  };
}

/** Bytes travel as base64; `text` is for those who only want to look. */
export function describeRead(result: ReadResult, needsInput: NeededInput | null): Output {
  const decoders = new Map<OutputStream, InstanceType<typeof TextDecoder>>();
  const decode = (stream: OutputStream, chunk: Buffer): string => {
    const decoder = decoders.get(stream) ?? new TextDecoder();
    decoders.set(stream, decoder);
    return decoder.decode(chunk, { stream: true });
  };
  const { nextSeq, exited, exitCode, closed, droppedBytes } = result;
  return {
    chunks: result.chunks.map(({ seq, stream, chunk }) => ({
      seq,
      stream,
      chunk: chunk.toString('base64'),
      text: decode(stream, chunk),
    })),
    nextSeq,
    exited,
    exitCode,
    closed,
    droppedBytes,
    needsInput,
  };
}
