import { TextDecoder } from 'node:util';
import type { ManagedProcess, OutputChunk, OutputStream } from '../../environment';
import { Positions } from './positions';

/** Decoders that remember the beginning of a character until its rest comes; one for each stream. */
export type Decoders = Map<OutputStream, InstanceType<typeof TextDecoder>>;

/** Bytes of one stream, and where they are in all output in the order of arrival. */
export interface Piece extends Pick<OutputChunk, 'stream' | 'chunk'> {
  readonly position: number;
}

/** Read at once beyond what is asked for, in bytes: a place is not noted for each. */
const SLACK_BYTES = 512 * 1024;
/** In UTF-8, in bytes. */
const LONGEST_CHARACTER = 4;

/** What is kept of the output from one position to another; pieces are missing where it is not. */
export async function readRange(process: ManagedProcess, from: number, to: number): Promise<Piece[]> {
  let { seq, position } = Positions.of(process).before(from);
  const pieces: Piece[] = [];
  while (position < to) {
    const page = await process.read({ afterSeq: seq, maxBytes: to - position + SLACK_BYTES });
    if (page.chunks.length === 0) break;
    position += page.droppedBytes;
    for (const { stream, chunk } of page.chunks) {
      const start = Math.max(0, from - position);
      const part = chunk.subarray(start, Math.max(start, to - position));
      if (part.length > 0) pieces.push({ stream, chunk: part, position: position + start });
      position += chunk.length;
    }
    seq = page.nextSeq - 1;
  }
  return pieces;
}

/** The text of pieces that are to begin at a position, with words where some are missing. */
export function textOf(pieces: readonly Piece[], from: number, decoders: Decoders): string {
  let text = '';
  let next = from;
  for (const { stream, chunk, position } of pieces) {
    if (position > next) {
      decoders.clear();
      text += `[${position - next} bytes of output that were here are not kept any more]\n`;
    }
    next = position + chunk.length;
    const decoder = decoders.get(stream) ?? new TextDecoder();
    decoders.set(stream, decoder);
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

/** What is left in the decoders: a character that will never be whole. */
export function flush(decoders: Decoders): string {
  return [...decoders.values()].map((decoder) => decoder.decode()).join('');
}

/** The nearest position, here or before, at which a character begins. */
export async function align(process: ManagedProcess, position: number): Promise<number> {
  const first = Math.max(0, position - LONGEST_CHARACTER + 1);
  const pieces = await readRange(process, first, position + 1);
  for (let at = position; at >= first; at--) {
    const piece = pieces.find((one) => at >= one.position && at < one.position + one.chunk.length);
    const byte = piece?.chunk[at - piece.position];
    if (byte === undefined || (byte & 0xc0) !== 0x80) return at;
  }
  return position;
}
