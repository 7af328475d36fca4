/** So many bytes with anything in them, for one message. */
export type Allocate = (bytes: number) => Buffer;

/**
 * A notification that carries one chunk of output, as ready bytes: its base64 is written as latin1
 * between two parts that are JSON already.
 */
export function deltaMessage(allocate: Allocate, head: string, chunk: Buffer, tail: string): Buffer {
  const headLength = Buffer.byteLength(head);
  const base64Length = Math.ceil(chunk.length / 3) * 4;
  const message = allocate(headLength + base64Length + tail.length);
  message.write(head, 0, 'utf8');
  message.write(chunk.toString('base64'), headLength, 'latin1');
  message.write(tail, headLength + base64Length, 'latin1');
  return message;
}
