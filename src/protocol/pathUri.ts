/**
 * Paths on the wire are `file:` URIs (PROTOCOL chapter 5.1). Reading one has two steps: what is
 * wrong on any host is an error of the params; what is only wrong on this host is told later.
 */

import { isUtf8 } from 'node:buffer';

/** The wire's names of platforms. */
export type PlatformName = 'linux' | 'macos' | 'windows';

/** A well-formed path URI, not yet a path of some platform. */
export interface PathUri {
  /** As the client wrote it. */
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

/** Throws a PathUriError for what is no `file:` URI of an absolute path. */
export function parsePathUri(text: string): PathUri {
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
  const bytes = decodePercent(uri.encodedPath.replace(/(?<=.)\/+$/, ''));
  return isUtf8(bytes) ? bytes.toString() : bytes;
}

function toWindowsPath(uri: PathUri): string | undefined {
  if (/%2f|%5c/i.test(uri.encodedPath)) return undefined;
  const bytes = decodePercent(uri.encodedPath);
  if (!isUtf8(bytes)) return undefined;
  const path = bytes.toString().replaceAll('/', '\\');
  if (uri.host !== '') return `\\\\${uri.host}${path.replace(/\\+$/, '')}`;
  if (!DRIVE.test(uri.encodedPath)) return undefined;
  const local = path.slice(1).replace(/\\+$/, '');
  return local.length === 2 ? `${local}\\` : local;
}

const DRIVE = /^\/[A-Za-z]:(\/|$)/;

/** A "%" without two hex digits stands for itself, as in the reference. */
function decodePercent(encoded: string): Buffer {
  const latin1 = encoded.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(latin1, 'latin1');
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

/** Percent-encodes everything that is not plain in a path, byte by byte. */
function encodeBytes(path: Buffer): string {
  return path.toString('latin1').replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/]/g, (char) => {
    return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

/** What `process.platform` is called on the wire. */
export function platformName(platform: NodeJS.Platform): PlatformName {
  return platform === 'win32' ? 'windows' : platform === 'darwin' ? 'macos' : 'linux';
}
