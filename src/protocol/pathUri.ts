/**
 * Paths on the wire are `file:` URIs (docs/protocol/paths.md#path-uris). Reading one has two steps: what is
 * wrong on any host is an error of the params; what is only wrong on this host is told later.
 */

import { isUtf8 } from 'node:buffer';

/** The wire's names of platforms. */
export type PlatformName = 'linux' | 'macos' | 'windows';

/** A well-formed path URI, not yet a path of some platform. */
export interface PathUri {
  /** The URI in the client's own spelling. */
  readonly text: string;
  /** Empty for this host. */
  readonly host: string;
  /** Absolute, still percent-encoded, dot segments resolved. */
  readonly encodedPath: string;
}

/** The message is the reference's text where there is one. */
export class PathUriError extends Error {
  override readonly name = 'PathUriError';
}

/** More than any path of any platform needs, in characters. */
const MAX_URI_LENGTH = 262_144;

/**
 * Reads a path as it is sent over the wire.
 *
 * @throws PathUriError for what is no `file:` URI of an absolute path, or has more than 262,144 characters
 */
export function parsePathUri(text: string): PathUri {
  if (text.length > MAX_URI_LENGTH) {
    throw new PathUriError(`path URI has ${text.length} characters; the limit is ${MAX_URI_LENGTH}`);
  }
  const url = parseUrl(text);
  if (url.protocol !== 'file:') {
    throw new PathUriError(`unsupported path URI scheme \`${url.protocol.slice(0, -1)}\``);
  }
  if (url.href.includes('?')) throw new PathUriError(`path URI must not have a query: ${text}`);
  if (url.href.includes('#')) throw new PathUriError(`path URI must not have a fragment: ${text}`);
  if (/%00/.test(url.pathname)) throw new PathUriError(`path URI must not contain a NUL byte: ${text}`);
  return { text, host: url.host, encodedPath: url.pathname };
}

function parseUrl(text: string): URL {
  if (!/^[\0- ]*[A-Za-z][A-Za-z0-9+.-]*:/.test(text)) {
    throw new PathUriError('invalid URI: relative URL without a base');
  }
  try {
    return new URL(text);
  } catch {
    throw new PathUriError(`invalid URI: ${text}`);
  }
}

/** The native path, as bytes where it is no UTF-8; undefined when this URI names no path of `platform`. */
export function toNativePath(uri: PathUri, platform: PlatformName): string | Buffer | undefined {
  return platform === 'windows' ? toWindowsPath(uri) : toUnixPath(uri);
}

function toUnixPath(uri: PathUri): string | Buffer | undefined {
  if (uri.host !== '' || DRIVE.test(uri.encodedPath)) return undefined;
  const bytes = decodePercent(withoutEnd(uri.encodedPath, '/') || '/');
  return isUtf8(bytes) ? bytes.toString() : bytes;
}

function toWindowsPath(uri: PathUri): string | undefined {
  if (/%2f|%5c/i.test(uri.encodedPath)) return undefined;
  const bytes = decodePercent(uri.encodedPath);
  if (!isUtf8(bytes)) return undefined;
  const path = bytes.toString().replaceAll('/', '\\');
  if (uri.host !== '') return `\\\\${uri.host}${withoutEnd(path, '\\')}`;
  if (!DRIVE.test(uri.encodedPath)) return undefined;
  const local = withoutEnd(path.slice(1), '\\');
  return local.length === 2 ? `${local}\\` : local;
}

/** Without the slashes at its end. Backwards, because a pattern would try anew at each slash. */
function withoutEnd(path: string, slash: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === slash) end -= 1;
  return path.slice(0, end);
}

const DRIVE = /^\/[A-Za-z]:(\/|$)/;

const PERCENT = 0x25;

/** A "%" without two hex digits stands for itself, as in the reference. */
function decodePercent(encoded: string): Buffer {
  const bytes = Buffer.from(encoded, 'latin1');
  let end = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    const decoded = byte === PERCENT ? hexByte(bytes[at + 1], bytes[at + 2]) : -1;
    if (decoded >= 0) at += 2;
    bytes[end++] = decoded >= 0 ? decoded : byte;
  }
  return bytes.subarray(0, end);
}

/** -1 for what is no pair of hex digits. */
function hexByte(high: number | undefined, low: number | undefined): number {
  const [first, second] = [hexDigit(high), hexDigit(low)];
  return first < 0 || second < 0 ? -1 : first * 16 + second;
}

function hexDigit(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** The canonical URI of an absolute native path. */
export function fromNativePath(path: string | Buffer, platform: PlatformName): string {
  if (platform !== 'windows') {
    const encoded = encodeBytes(Buffer.from(path));
    return `file://${DRIVE.test(encoded) ? encoded.replace(':', '%3A') : encoded}`;
  }
  const plain = path.toString().replace(/^\\\\[?.]\\(UNC\\)?/, (_, unc?: string) => (unc ? '\\\\' : ''));
  const encoded = encodeBytes(Buffer.from(plain.replaceAll('\\', '/')));
  return encoded.startsWith('//') ? `file:${encoded}` : `file:///${encoded}`;
}

/** By byte: itself if it is plain in a path, else percent-encoded. */
const ENCODED = Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte);
  const isPlain = /[A-Za-z0-9\-._~!$&'()*+,;=:@/]/.test(char);
  return isPlain ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});

function encodeBytes(path: Buffer): string {
  let encoded = '';
  for (const byte of path) encoded += ENCODED[byte] ?? '';
  return encoded;
}

/** What `process.platform` is called on the wire. */
export function platformName(platform: NodeJS.Platform): PlatformName {
  return platform === 'win32' ? 'windows' : platform === 'darwin' ? 'macos' : 'linux';
}
