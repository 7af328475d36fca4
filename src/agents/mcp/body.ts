import type { IncomingMessage } from 'node:http';
import { messageOf } from '../../values';

/** The most that a request may have, in bytes. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** What is more than that is read and dropped, because a client that is cut off sees no answer; up to here. */
const MAX_DRAINED_BYTES = 64 * 1024 * 1024;
/** Values in one request, at most: no tool takes a tenth of it, and to look at very many takes long. */
const MAX_VALUES = 16_384;
/** For all of it, in ms. */
const BODY_MS = 30_000;

/** A request that is answered without being looked at. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
  constructor(
    message: string,
    readonly httpStatus: number,
    /** The error code of JSON-RPC. */
    readonly code: number,
  ) {
    super(message);
  }
}

/**
 * The JSON of a request. Rejects with a BodyError for what is too large, too slow or no JSON, or has no room.
 *
 * @param hold counts bytes as held; throws where there is no room for them
 */
export async function readJson(request: IncomingMessage, hold: (bytes: number) => void): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let full: BodyError | undefined;
  const timer = setTimeout(() => request.destroy(), BODY_MS);
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) full ??= whyFull(() => hold(chunk.length));
      if (bytes <= MAX_BODY_BYTES && !full) chunks.push(chunk);
      else chunks.length = 0;
      if (bytes > MAX_DRAINED_BYTES) request.destroy();
    }
  } finally {
    clearTimeout(timer);
  }
  if (bytes > MAX_BODY_BYTES)
    throw new BodyError(
      `The request has ${bytes} bytes; at most ${MAX_BODY_BYTES} are taken. Write large data into a file and name that.`,
      413,
      INVALID_REQUEST,
    );
  if (full) throw full;
  const body = Buffer.concat(chunks);
  if (hasMoreValues(body, MAX_VALUES)) {
    const message = `The request has more than ${MAX_VALUES} values in lists and objects. Name them in a text or a file.`;
    throw new BodyError(message, 413, INVALID_REQUEST);
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new BodyError('Parse error: the request is no JSON.', 400, PARSE_ERROR);
  }
}

function whyFull(hold: () => void): BodyError | undefined {
  try {
    hold();
    return undefined;
  } catch (error) {
    return new BodyError(messageOf(error), 503, INTERNAL);
  }
}

/** By the commas and brackets outside of texts. */
function hasMoreValues(body: Buffer, max: number): boolean {
  let count = 0;
  for (let at = 0; at < body.length && count <= max; at++) {
    const byte = body[at];
    if (byte === QUOTE) at = endOfText(body, at);
    else if (byte === COMMA || byte === BRACKET || byte === BRACE) count++;
  }
  return count > max;
}

/** Where the text that begins here ends. */
function endOfText(body: Buffer, start: number): number {
  for (let end = body.indexOf(QUOTE, start + 1); end !== -1; end = body.indexOf(QUOTE, end + 1)) {
    let slashes = 0;
    while (body[end - 1 - slashes] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return body.length;
}

const [QUOTE, COMMA, BRACKET, BRACE, BACKSLASH] = [0x22, 0x2c, 0x5b, 0x7b, 0x5c];

/** Codes of JSON-RPC. */
const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
const INTERNAL = -32603;
