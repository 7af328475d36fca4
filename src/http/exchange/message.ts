import type { Readable } from 'node:stream';
import type { HeaderList } from '../headerList';
import type { HttpHeader } from '../types';

/** Room for the head of a response, in bytes, as the reference has it; some services send long cookies and policies. */
export const MAX_HEAD_BYTES = 408 * 1024;

/** What goes out to one server. */
export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly headers: HeaderList;
  readonly body: Uint8Array | undefined;
}

/** What comes back: the body has not begun to flow and must be read or destroyed. */
export interface HttpIncoming {
  readonly status: number;
  /** All of them, names in lower case, one character a byte. */
  readonly headers: readonly HttpHeader[];
  readonly body: Readable;
}

/** Names and values in turn, as Node gives them, without what HTTP/2 adds for itself. */
export function pairs(rawHeaders: readonly string[]): HttpHeader[] {
  const headers: HttpHeader[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (!name.startsWith(':')) headers.push({ name, value: rawHeaders[index + 1] ?? '' });
  }
  return headers;
}
