import { basename, dirname, isAbsolute, resolve, sep } from 'node:path';
import type { Policy } from '../sandbox';
import { FsError, invalid } from './fsError';
import { osError } from './osError';

/** An absolute path of this machine; as bytes where a name is not UTF-8. */
export type NativePath = string | Buffer;

/** How a path may be used. */
export interface PathOptions {
  /** Whether links in it may be followed. Absent means yes. */
  readonly followSymlinks?: boolean | undefined;
  /** What may be read and written; everything when absent. Links lead no further than it allows. Linux only. */
  readonly policy?: Policy | undefined;
}

/** Longest path of each system, in bytes; on Windows in characters of UTF-16. */
const MAX_LENGTH = { linux: 4095, darwin: 1023, win32: 32_766 } as const;

function maxLength(): number {
  const { platform } = process;
  return platform === 'win32' || platform === 'darwin' ? MAX_LENGTH[platform] : MAX_LENGTH.linux;
}

/** The path without dot segments and trailing slashes. Relative ones and those that are too long are refused. */
export function checkPath(path: NativePath): NativePath {
  const checked = typeof path === 'string' && isAbsolute(path) ? resolve(path) : path;
  if (typeof checked === 'string' ? !isAbsolute(checked) : checked[0] !== 0x2f)
    throw invalid('path must be absolute');
  const length = process.platform === 'win32' ? checked.length : Buffer.byteLength(checked);
  if (length <= maxLength()) return checked;
  // Also where the system would not say so, because it is only ever shown parts of the path.
  const { message } = osError('ENAMETOOLONG');
  throw new FsError('other', `${message}: the path has ${length} bytes; the limit is ${maxLength()}`);
}

/** A child's path in bytes, since a directory may hold names that no string can hold. */
export function joinBytes(directory: NativePath, name: Buffer): Buffer {
  const head = typeof directory === 'string' ? Buffer.from(directory) : directory;
  const separator = Buffer.from(sep);
  const isRoot = head.subarray(-separator.length).equals(separator);
  return Buffer.concat(isRoot ? [head, name] : [head, separator, name]);
}

/** A path's directory and its last name; no name for a root. */
export function splitLast(path: NativePath): { directory: NativePath; name: Buffer } {
  const text = toByteText(path);
  return { directory: fromByteText(dirname(text)), name: fromByteText(basename(text)) };
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
export function notAFile(path: NativePath, options: PathOptions = {}): Error {
  if (options.followSymlinks === false) return invalid('path is not a regular file');
  return invalid(`path \`${pathText(path)}\` is not a file`);
}
