import type { ServerResponse } from 'node:http';

/** An error of JSON-RPC over HTTP, with the id of the request where that has one. */
export function answerError(
  response: ServerResponse,
  httpStatus: number,
  code: number,
  message: string,
  body?: unknown,
): void {
  const id = (body as { id?: unknown } | null | undefined)?.id;
  response.writeHead(httpStatus, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      jsonrpc: '2.0',
      id: typeof id === 'string' || typeof id === 'number' ? id : null,
      error: { code, message },
    }),
  );
}
