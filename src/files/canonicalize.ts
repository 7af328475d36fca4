import { realpath } from 'node:fs/promises';
import { checkPath, pathText, type NativePath } from './nativePath';
import { asFsErrors } from './osError';

/** The path with all links resolved. It must exist. */
export function canonicalize(path: NativePath): Promise<string> {
  return asFsErrors(async () => pathText(await realpath(checkPath(path), 'buffer')));
}
