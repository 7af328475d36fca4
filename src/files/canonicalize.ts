import { realpath } from 'node:fs/promises';
import { checkPath, lossyBytes, pathText, type NativePath } from './nativePath';
import { asFsErrors } from './osError';

/** The path with all links resolved; bytes where it is not UTF-8. It must exist. */
export function canonicalize(path: NativePath): Promise<NativePath> {
  return asFsErrors(async () => {
    const real = await realpath(checkPath(path), 'buffer');
    return lossyBytes(real) ?? pathText(real);
  });
}
