import { disk } from '../blocking';
import { checkPath, lossyBytes, pathText, type NativePath, type PathOptions } from './nativePath';
import { asFsErrors } from './osError';
import { realpath } from './sandboxed/look';

/** The path with all links resolved; bytes where it is not UTF-8. It must exist. */
export function canonicalize(
  path: NativePath,
  { policy }: Pick<PathOptions, 'policy'> = {},
): Promise<NativePath> {
  return asFsErrors(async () => {
    const checked = checkPath(path);
    const real = policy ? await realpath(policy, checked) : await disk.realpath(checked);
    return lossyBytes(real) ?? pathText(real);
  });
}
