import * as v from 'valibot';
import { encodeBase64 } from '../base64';
import { method } from '../method';
import { notification } from '../notification';
import { base64, bytes, maybe, u64 } from '../schemas';

/** Headers of one request; the usual server takes 100. */
const MAX_HEADERS = 8192;

const header = v.looseObject({ name: v.string(), value: v.string(), valueEnvVar: maybe(v.string()) });

/** Counted before they are looked at one by one, which takes long for very many. */
const headers = v.pipe(
  v.array(v.unknown()),
  v.maxLength(
    MAX_HEADERS,
    ({ received }) => `http/request headers are invalid: there are ${received}; the limit is ${MAX_HEADERS}`,
  ),
  v.array(header),
);

export const responseDelta = notification(
  'http/request/bodyDelta',
  v.strictObject({
    requestId: v.string(),
    seq: v.number(),
    deltaBase64: base64,
    done: v.boolean(),
    error: v.nullable(v.string()),
  }),
  {
    page: 'http',
    summary:
      'A part of a streamed body, at most 1 MiB; the last one has none, and tells whether the body is whole.',
  },
);

/** See docs/protocol/http.md#httprequest. */
export const request = method(
  'http/request',
  v.looseObject({
    method: v.string(),
    url: v.string(),
    headers: v.optional(headers, []),
    bodyBase64: maybe(bytes),
    /** Milliseconds for everything; none is no limit. */
    timeoutMs: maybe(u64),
    redirectPolicy: v.optional(v.picklist(['follow', 'stop'])),
    requestId: v.string(),
    streamResponse: v.optional(v.boolean(), false),
  }),
  {
    page: 'http',
    summary:
      'An HTTP request from this machine. Streamed, the body follows in notifications; else it is at most 47 MiB.',
    result: v.strictObject({
      status: v.number(),
      headers: v.array(v.strictObject({ name: v.string(), value: v.string() })),
      bodyBase64: base64,
    }),
    errors: {
      invalidParams: 'No such request can be made; the id of a stream is taken; 256 streams are active.',
      internal: 'No whole response.',
    },
    notifies: [responseDelta],
  },
);

export interface ResponseHead {
  readonly status: number;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** The result of a request as the parts of one JSON value; the body may be large. */
export function responseParts({ status, headers }: ResponseHead, body: Buffer): Buffer[] {
  const head = JSON.stringify({ status, headers }).slice(0, -1);
  return joined(`${head},"bodyBase64":"`, body, '"}');
}

/** The notification of a part of a streamed body. */
export function bodyDelta(
  requestId: string,
  delta: {
    readonly seq: number;
    readonly chunk: Buffer;
    readonly done: boolean;
    readonly error: string | null;
  },
): Buffer {
  const { seq, chunk, done, error } = delta;
  const params = JSON.stringify({ requestId, seq, done, error }).slice(0, -1);
  const head = `{"method":"${responseDelta.name}","params":${params},"deltaBase64":"`;
  return Buffer.concat(joined(head, chunk, '"}}'));
}

function joined(head: string, body: Buffer, tail: string): Buffer[] {
  return [Buffer.from(head), encodeBase64(body), Buffer.from(tail)];
}
