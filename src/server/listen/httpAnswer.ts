import { STATUS_CODES } from 'node:http';
import type { GateAnswer } from './gate';

/** Sockets are not kept for a second request, so that none can be held open. */
export const RESPONSE_HEADERS = { 'content-type': 'text/plain; charset=utf-8', connection: 'close' } as const;

/** An HTTP answer as bytes, for a socket that Node's HTTP server has let go of. */
export function plainAnswer({ status, body, allow }: GateAnswer): string {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...Object.entries(RESPONSE_HEADERS).map(([name, value]) => `${name}: ${value}`),
    ...(allow === undefined ? [] : [`allow: ${allow}`]),
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
