import { checkPath, type LinkOptions, type NativePath } from './nativePath';
import { openForReplacing } from './openFile';
import { asFsErrors } from './osError';

/** Replaces a file's content, keeping its mode, or makes the file. Its directory must be there. */
export function writeFile(path: NativePath, content: Uint8Array, options: LinkOptions = {}): Promise<void> {
  return asFsErrors(async () => {
    const handle = await openForReplacing(checkPath(path), options);
    try {
      await handle.writeFile(content);
    } finally {
      await handle.close();
    }
  });
}
