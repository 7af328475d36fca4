import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** For a file that others write: one that is a pipe by now must not be waited for. */
export const READ_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** What a file holds; nothing where it cannot be read, is no file, or has more bytes than that. Never rejects. */
export async function readWhole(path: string, maxBytes: number): Promise<Buffer> {
  try {
    await using file = await open(path, READ_FLAGS);
    const status = await file.stat();
    return status.isFile() && status.size <= maxBytes ? await file.readFile() : NOTHING;
  } catch {
    return NOTHING;
  }
}

const NOTHING = Buffer.alloc(0);
