import { disk } from '../blocking';
import { invalid } from './fsError';
import { checkPath, type PathOptions, type NativePath } from './nativePath';
import { openForReading } from './openFile';
import { asFsErrors } from './osError';

/** 512 MiB, the reference's limit: what fits into one reply as base64. */
export const MAX_READ_FILE_BYTES = 512 * 1024 * 1024;
/** One system call's worth, so that a large file does not hold a worker thread for long. */
const READ_CALL_BYTES = 8 * 1024 * 1024;
/** Room added for files that do not tell their size, such as those of /proc. */
const MIN_GROWTH_BYTES = 64 * 1024;

function tooLarge(): Error {
  return invalid(`file is too large to read: limit is ${MAX_READ_FILE_BYTES} bytes`);
}

/** Reads to the end, also of files that grow, shrink or lie about their size. */
async function readToEnd(fd: number, expectedBytes: number): Promise<Buffer> {
  // One byte more than expected, so that the end shows without growing.
  let buffer = Buffer.allocUnsafeSlow(expectedBytes + 1);
  let length = 0;
  for (;;) {
    const room = Math.min(buffer.length - length, READ_CALL_BYTES);
    const bytesRead = await disk.read(fd, buffer.subarray(length, length + room), null);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
    if (length > MAX_READ_FILE_BYTES) throw tooLarge();
    if (length < buffer.length) continue;
    const growth = Math.min(Math.max(length, MIN_GROWTH_BYTES), MAX_READ_FILE_BYTES + 1 - length);
    buffer = Buffer.concat([buffer, Buffer.allocUnsafeSlow(growth)]);
  }
}

/** The whole content of a regular file of at most 512 MiB. */
export function readFile(path: NativePath, options: PathOptions = {}): Promise<Buffer> {
  return asFsErrors(async () => {
    const fd = await openForReading(checkPath(path), options);
    try {
      const { size } = await disk.fstat(fd);
      if (size > MAX_READ_FILE_BYTES) throw tooLarge();
      return await readToEnd(fd, size);
    } finally {
      await disk.close(fd);
    }
  });
}
