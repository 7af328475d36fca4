import type { Readable } from 'node:stream';
import { bodyFault } from './body/bodyFault';
import { bodyFailed, HttpError, reasonText, requestFailed } from './httpError';
import { Lifetime } from './lifetime';
import type { BodyPart, BodyRoom } from './body/bodyRoom';
import { BodyStore } from './body/bodyStore';
import { Holding } from './body/memoryBudget';
import { checkRequest, openResponse, textHeaders } from './openResponse';
import type { HttpHost, HttpRequestParams, HttpResponse } from './types';

/** The largest body, in bytes, that with its headers and as base64 fits into a message of 64 MiB. */
export const MAX_BUFFERED_BYTES = 47 * 1024 * 1024;

/** Where a body goes while it comes in. */
interface BodyTarget {
  readonly store: BodyStore;
  readonly part: BodyPart;
}

async function readAll(body: Readable, { store, part }: BodyTarget, lifetime: Lifetime): Promise<Buffer> {
  let length = 0;
  // Leaving the loop by an error destroys the body and with it the connection.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BUFFERED_BYTES) {
      throw bodyFailed(`larger than the limit of ${MAX_BUFFERED_BYTES} bytes; use streamResponse`);
    }
    await findRoom(part, chunk.length, lifetime);
    store.append(chunk);
  }
  return store.whole();
}

async function findRoom(part: BodyPart, bytes: number, lifetime: Lifetime): Promise<void> {
  try {
    await part.grow(bytes, lifetime);
  } catch (error) {
    if (lifetime.signal.aborted) throw error;
    throw bodyFailed(`${reasonText(error)}; use streamResponse`);
  }
}

async function readBody(body: Readable, place: BodyTarget, lifetime: Lifetime): Promise<Buffer> {
  let over: Error | undefined;
  const letGo = lifetime.onEnd((reason) => {
    over = reason;
    body.destroy(reason);
  });
  try {
    return await readAll(body, place, lifetime);
  } catch (error) {
    throw error instanceof HttpError ? error : bodyFailed(bodyFault(over ?? error));
  } finally {
    letGo();
  }
}

/**
 * The body that goes out counts too.
 *
 * @throws HttpError where there is no room for it
 */
export function holdOutgoing(holding: Holding, { body }: HttpRequestParams): void {
  try {
    holding.add(body?.length ?? 0);
  } catch (error) {
    throw requestFailed(reasonText(error));
  }
}

/** Settles as `work` does, unless the signal comes first: then it rejects, and nobody wants the result any more. */
async function unlessAborted<T>(signal: AbortSignal | undefined, work: Promise<T> | T): Promise<T> {
  let leave: () => void = () => undefined;
  const end = new Promise<never>((_resolve, reject) => {
    const listener = () => reject(requestFailed(reasonText(signal?.reason)));
    signal?.addEventListener('abort', listener, { once: true });
    leave = () => signal?.removeEventListener('abort', listener);
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    leave();
  }
}

/**
 * Makes a request from this machine and waits for the whole body. Error statuses are responses.
 * Rejects with an HttpError: `invalid` where nothing was sent, `failed` where it went wrong.
 * @param room for the body of the response
 * @param signal ends the request and its connection at any point
 * @param use makes of the response what is needed; until it is done the body counts as held
 */
export async function request<T>(
  params: HttpRequestParams,
  { env, network, budget }: HttpHost,
  room: BodyRoom,
  signal: AbortSignal | undefined,
  use: (response: HttpResponse) => Promise<T> | T,
): Promise<T> {
  const outgoing = checkRequest(params, env);
  using lifetime = new Lifetime(params.timeoutMs, signal);
  using holding = new Holding(budget);
  holdOutgoing(holding, params);
  const response = await openResponse(outgoing, params.redirectPolicy, network, lifetime);
  using store = new BodyStore(MAX_BUFFERED_BYTES);
  using part = room.open();
  const body = await readBody(response.body, { store, part }, lifetime);
  const headers = textHeaders(response);
  return await unlessAborted(signal, use({ status: response.status, headers, body }));
}
