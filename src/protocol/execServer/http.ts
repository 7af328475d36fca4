import * as v from 'valibot';
import { method } from '../method';
import { bytes, maybe, u64 } from '../schemas';

const header = v.looseObject({ name: v.string(), value: v.string(), valueEnvVar: maybe(v.string()) });

/** PROTOCOL chapter 12. */
export const request = method(
  'http/request',
  v.looseObject({
    method: v.string(),
    url: v.string(),
    headers: v.optional(v.array(header), []),
    bodyBase64: maybe(bytes),
    /** Milliseconds for everything; none is no limit. */
    timeoutMs: maybe(u64),
    redirectPolicy: v.optional(v.picklist(['follow', 'stop'])),
    requestId: v.string(),
    streamResponse: v.optional(v.boolean(), false),
  }),
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
  const head = `{"method":"http/request/bodyDelta","params":${params},"deltaBase64":"`;
  return Buffer.concat(joined(head, chunk, '"}}'));
}

function joined(head: string, body: Buffer, tail: string): Buffer[] {
  return [Buffer.from(head), Buffer.from(body.toString('base64'), 'latin1'), Buffer.from(tail)];
}
