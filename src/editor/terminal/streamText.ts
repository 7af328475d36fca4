import { TextDecoder } from 'node:util';
import type { OutputChunk, OutputStream } from '../../environment';

/** Bytes of several streams to the text of one screen; a character split between chunks stays whole. */
export class StreamText {
  private readonly decoders = new Map<OutputStream, InstanceType<typeof TextDecoder>>();
  private afterGap = false;

  /** The bytes before the next chunk are gone. */
  gap(): void {
    this.decoders.clear();
    this.afterGap = true;
  }

  push(chunks: readonly OutputChunk[]): string {
    let text = '';
    for (const { stream, chunk } of chunks) {
      const part = this.decoder(stream).decode(this.afterGap ? fromCharacter(chunk) : chunk, {
        stream: true,
      });
      this.afterGap = false;
      // A terminal's own line discipline has made \r\n of each newline already.
      text += stream === 'pty' ? part : part.replace(/\r?\n/g, '\r\n');
    }
    return text;
  }

  private decoder(stream: OutputStream): InstanceType<typeof TextDecoder> {
    let decoder = this.decoders.get(stream);
    if (!decoder) this.decoders.set(stream, (decoder = new TextDecoder('utf-8', { ignoreBOM: true })));
    return decoder;
  }
}

/** Without the rest of a UTF-8 character whose beginning is gone. */
function fromCharacter(chunk: Uint8Array): Uint8Array {
  let start = 0;
  while (start < 3 && start < chunk.length && ((chunk[start] ?? 0) & 0xc0) === 0x80) start++;
  return chunk.subarray(start);
}
