/** Holds 64 KiB of output as base64 with what stands around it, in bytes. */
const SLAB_BYTES = 96 * 1024;
/** A smaller message gets memory of its own. */
const WORTHWHILE_BYTES = 16 * 1024;
/** Slabs that lie ready: a little more than one connection has unsent when its process is paused. */
const MAX_FREE = 16;

/** Memory for messages of output, used again once they are sent: less garbage, and no page faults for new memory. */
const free: Buffer[] = [];
const lent = new WeakSet<ArrayBufferLike>();

/** So many bytes with anything in them. */
export function takeMessage(bytes: number): Buffer {
  if (bytes < WORTHWHILE_BYTES || bytes > SLAB_BYTES) return Buffer.allocUnsafe(bytes);
  const slab = free.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES);
  lent.add(slab.buffer);
  return slab.subarray(0, bytes);
}

/**
 * To be called by whoever has the message last, if anybody; otherwise the garbage collector gets it. Nothing
 * happens with other buffers.
 */
export function giveBackMessage(message: Buffer): void {
  if (lent.delete(message.buffer) && free.length < MAX_FREE) free.push(Buffer.from(message.buffer));
}
