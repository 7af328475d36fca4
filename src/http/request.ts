import type { Readable } from 'node:stream';
import { bodyFault } from './bodyFault';
import { bodyFailed, HttpError } from './httpError';
import { Lifetime } from './lifetime';
import { checkRequest, openResponse, textHeaders } from './openResponse';
import type { HttpRequestParams, HttpResponse, RequestOptions } from './types';

/** The largest body, in bytes, that with its headers and as base64 fits into a message of 64 MiB. */
export const MAX_BUFFERED_BYTES = 47 * 1024 * 1024;

async function readAll(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop by an error destroys the body and with it the connection.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BUFFERED_BYTES) {
      throw bodyFailed(`larger than the limit of ${MAX_BUFFERED_BYTES} bytes; use streamResponse`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

async function readBody(body: Readable, lifetime: Lifetime): Promise<Buffer> {
  let over: Error | undefined;
  const letGo = lifetime.onEnd((reason) => {
    over = reason;
    body.destroy(reason);
  });
  try {
    return await readAll(body);
  } catch (error) {
    throw error instanceof HttpError ? error : bodyFailed(bodyFault(over ?? error));
  } finally {
    letGo();
  }
}

/**
 * Makes a request from this machine and waits for the whole body. Error statuses are responses.
 * Rejects with an HttpError: -32602 where nothing was sent, -32603 where it went wrong.
 */
export async function request(params: HttpRequestParams, options: RequestOptions): Promise<HttpResponse> {
  const outgoing = checkRequest(params, options);
  using lifetime = new Lifetime(params.timeoutMs, options.signal);
  const response = await openResponse(outgoing, params.redirectPolicy, lifetime);
  const body = await readBody(response.body, lifetime);
  return { status: response.status, headers: textHeaders(response), body };
}
