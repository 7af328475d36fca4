import { disk } from '../blocking';
import { checkPath, type PathOptions, type NativePath } from './nativePath';
import { openForReplacing } from './openFile';
import { asFsErrors } from './osError';

/** Replaces a file's content, keeping its mode, or makes the file. Its directory must be there. */
export function writeFile(path: NativePath, content: Uint8Array, options: PathOptions = {}): Promise<void> {
  return asFsErrors(async () => {
    const fd = await openForReplacing(checkPath(path), options);
    try {
      await disk.writeAll(fd, content, null);
    } finally {
      await disk.close(fd);
    }
  });
}
