import { fileURLToPath } from 'node:url';

/** A folder of another machine as it is written there; undefined for what is no path of it. */
export function nativePath(uri: string | null | undefined, os: string): string | undefined {
  if (uri == null) return undefined;
  try {
    return fileURLToPath(uri, { windows: os === 'windows' });
  } catch {
    return undefined;
  }
}
