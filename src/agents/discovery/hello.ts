import type { Duplex } from 'node:stream';
import * as v from 'valibot';
import { parseText } from './parseText';

/** The first line on a private socket, from whoever connects. */
export interface Hello {
  /** What is wanted: `wire` for exec-server messages, one a line; other doors have names of their own. */
  readonly door: string;
}

/** The first line back. After `ok` the socket belongs to the door, byte for byte. */
export type HelloAnswer = { readonly ok: true } | { readonly error: string };

/** The longest first line, in bytes. */
export const MAX_HELLO_BYTES = 4096;

const hello = v.looseObject({ door: v.string() });
const answer = v.union([v.looseObject({ error: v.string() }), v.looseObject({ ok: v.literal(true) })]);

/** Undefined for anything else. */
export function parseHello(line: string): Hello | undefined {
  return parseText(hello, line);
}

/** Undefined for anything else. */
export function parseHelloAnswer(line: string): HelloAnswer | undefined {
  return parseText(answer, line);
}

/**
 * Takes the first line off a stream and leaves the rest in it, paused. Rejects when the stream ends before it, when the
 * line is too long, or when it takes too long.
 */
export function firstLine(stream: Duplex, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => fail(`said nothing within ${timeoutMs / 1000} s`), timeoutMs);
    const take = (chunk: Buffer): void => {
      const end = chunk.indexOf(0x0a);
      parts.push(end < 0 ? chunk : chunk.subarray(0, end));
      size += end < 0 ? chunk.length : end;
      if (size > MAX_HELLO_BYTES) return fail(`its first line is longer than ${MAX_HELLO_BYTES} bytes`);
      if (end < 0) return;
      leave();
      stream.pause();
      if (end + 1 < chunk.length) stream.unshift(chunk.subarray(end + 1));
      resolve(Buffer.concat(parts).toString());
    };
    const gone = (error?: Error): void => fail(error ? error.message : 'ended before its first line');
    const leave = (): void => {
      clearTimeout(timer);
      stream.off('data', take).off('end', gone).off('close', gone).off('error', gone);
    };
    const fail = (why: string): void => {
      leave();
      reject(new Error(why));
    };
    stream.on('data', take).on('end', gone).on('close', gone).on('error', gone);
  });
}
