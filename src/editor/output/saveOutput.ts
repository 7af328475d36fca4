import { open } from 'node:fs/promises';
import { pagesOf, type OutputSource } from './readOutput';

/**
 * Writes the output so far into a file, byte by byte as it came. Resolves with how much of it was gone, in bytes.
 * Rejects with the system's words, or with the signal's reason; then the file has what was written until then.
 */
export async function saveOutput(source: OutputSource, path: string, signal?: AbortSignal): Promise<number> {
  const file = await open(path, 'w');
  let gone = 0;
  try {
    for await (const { chunks, droppedBytes } of pagesOf(source)) {
      signal?.throwIfAborted();
      gone += droppedBytes;
      await file.writeFile(Buffer.concat(chunks.map(({ chunk }) => chunk)));
    }
  } finally {
    await file.close();
  }
  return gone;
}
