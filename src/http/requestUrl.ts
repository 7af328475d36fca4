import { invalid } from './httpError';

/** Characters of a URL; the usual server takes 8,192. */
const MAX_URL_LENGTH = 65_536;
/** Characters of its host and port; a name has 253 at most, escaped some more. */
const MAX_HOST_LENGTH = 2048;

/** What is wrong with a URL that does not parse, in the reference's words, since Node says nothing. */
function urlFault(text: string): string {
  const parts = /^\s*[a-z][a-z0-9+.-]*:[/\\]*([^/\\?#]*)/i.exec(text);
  if (!parts) return 'relative URL without a base';
  const authority = (parts[1] ?? '').trim();
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (host === '' || host.startsWith(':')) return 'empty host';
  if (host.startsWith('[') && !URL.canParse(`http://${host.replace(/\]:.*$/, ']')}`)) {
    return 'invalid IPv6 address';
  }
  const name = host.replace(/:[^:\]]*$/, '');
  if (name !== host && URL.canParse(`http://${name}`)) return 'invalid port number';
  return /(^|\.)(\d+|0x[\da-f]*)\.?$/i.test(name)
    ? 'invalid IPv4 address'
    : 'invalid international domain name';
}

/** The host part, from which the parser's work on foreign letters grows faster than its length. */
function hostLength(text: string): number {
  const authority = /^\s*[a-z][a-z0-9+.-]*:[/\\]*([^/\\?#]*)/i.exec(text)?.[1] ?? '';
  return authority.length - authority.lastIndexOf('@') - 1;
}

/** What is too long in a URL, if anything is. */
export function lengthFault(text: string): string | undefined {
  if (text.length > MAX_URL_LENGTH) return `it has ${text.length} characters; the limit is ${MAX_URL_LENGTH}`;
  const host = hostLength(text);
  return host > MAX_HOST_LENGTH
    ? `its host has ${host} characters; the limit is ${MAX_HOST_LENGTH}`
    : undefined;
}

/**
 * The parsed URL of a request.
 *
 * @throws HttpError unless it is absolute and http or https
 */
export function parseRequestUrl(text: string): URL {
  const tooLong = lengthFault(text);
  if (tooLong !== undefined) throw invalid(`url is invalid: ${tooLong}`);
  if (!URL.canParse(text)) throw invalid(`url is invalid: ${urlFault(text)}`);
  const url = new URL(text);
  if (!isHttp(url)) throw invalid(`only supports http and https URLs, got ${schemeOf(url)}`);
  return url;
}

export function isHttp(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:';
}

export function schemeOf(url: URL): string {
  return url.protocol.slice(0, -1);
}

/** The URL without name, password and fragment, fit to be told to others. */
export function bareUrl(url: URL): string {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  bare.hash = '';
  return bare.href;
}

/** The `authorization` that a URL with a name or a password stands for. */
export function urlCredentials(url: URL): string | undefined {
  if (url.username === '' && url.password === '') return undefined;
  const credentials = Buffer.concat([
    percentDecoded(url.username),
    Buffer.from(':'),
    percentDecoded(url.password),
  ]);
  return `Basic ${credentials.toString('base64')}`;
}

/** Byte for byte, because what `%FF` stands for need not be UTF-8. */
function percentDecoded(text: string): Buffer {
  const latin1 = text.replace(/%([\da-f]{2})/gi, (_match, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(latin1, 'latin1');
}
