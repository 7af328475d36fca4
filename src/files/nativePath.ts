import { isAbsolute, resolve, sep } from 'node:path';
import { invalid } from './fsError';

/** An absolute path of this machine; as bytes where a name is not UTF-8. */
export type NativePath = string | Buffer;

/** Whether links in a path may be followed. Absent means yes. */
export interface LinkOptions {
  readonly followSymlinks?: boolean | undefined;
}

/** The path without dot segments and trailing slashes. Relative ones are refused. */
export function checkPath(path: NativePath): NativePath {
  if (typeof path !== 'string') {
    if (path[0] !== 0x2f) throw invalid('path must be absolute');
    return path;
  }
  if (!isAbsolute(path)) throw invalid('path must be absolute');
  return resolve(path);
}

/** A child's path in bytes, since a directory may hold names that no string can hold. */
export function joinBytes(directory: NativePath, name: Buffer): Buffer {
  const head = typeof directory === 'string' ? Buffer.from(directory) : directory;
  const separator = Buffer.from(sep);
  const isRoot = head.subarray(-separator.length).equals(separator);
  return Buffer.concat(isRoot ? [head, name] : [head, separator, name]);
}

/**
 * The path with one character for each of its bytes, for what only takes apart and compares: separators and dots
 * look as ever. `fromByteText` is the way back.
 */
export function toByteText(path: NativePath): string {
  return Buffer.from(path).toString('latin1');
}

export function fromByteText(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** The bytes as text; where they are no UTF-8, replacement characters stand in. */
export function pathText(path: NativePath): string {
  return path.toString();
}

/** The bytes of a path that does not survive the way through a string, else undefined. */
export function lossyBytes(path: Buffer): Buffer | undefined {
  return Buffer.from(path.toString()).equals(path) ? undefined : path;
}

/** The refusal that the reference gives for directories, devices, FIFOs and sockets. */
export function notAFile(path: NativePath, options: LinkOptions = {}): Error {
  if (options.followSymlinks === false) return invalid('path is not a regular file');
  return invalid(`path \`${pathText(path)}\` is not a file`);
}
