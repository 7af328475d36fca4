import { STREAMS, type OutputChunk, type OutputStream } from '../../model';

/** Before each chunk: its stream in one byte, its number in six, its length in four. */
export const HEADER_BYTES = 11;

export function writeHeader(seq: number, stream: OutputStream, length: number): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt8(STREAMS.indexOf(stream), 0);
  header.writeUIntBE(seq, 1, 6);
  header.writeUInt32BE(length, 7);
  return header;
}

/** The chunks after the cursor whose records are whole, and the rest of the data, where the next record begins. */
export function recordsIn(data: Buffer, afterSeq: number): { chunks: OutputChunk[]; rest: Buffer } {
  const chunks: OutputChunk[] = [];
  let at = 0;
  while (at + HEADER_BYTES <= data.length) {
    const end = at + HEADER_BYTES + data.readUInt32BE(at + 7);
    if (end > data.length) break;
    const seq = data.readUIntBE(at + 1, 6);
    const stream = STREAMS[data.readUInt8(at)] ?? 'stdout';
    if (seq > afterSeq) chunks.push({ seq, stream, chunk: data.subarray(at + HEADER_BYTES, end) });
    at = end;
  }
  return { chunks, rest: data.subarray(at) };
}
