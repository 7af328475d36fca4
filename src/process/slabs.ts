/** What one chunk of output may hold, in bytes: a Linux pipe gives no more at once. */
export const SLAB_BYTES = 65_536;
/** A smaller chunk gets memory of its own, so that what is retained takes little more than its bytes. */
const WORTHWHILE_BYTES = SLAB_BYTES - 8192;
/** Slabs that lie ready: a little more than one process retains. */
const MAX_FREE = 32;

/**
 * Memory for output at full speed, used again once nobody holds it. If each chunk had new memory, retention would
 * make old garbage of it all. In an extension host, whose heap is large, V8 then spent most of the time in full
 * collections, at a third of the rate (npm run bench -- --only bulk).
 */
const free: Buffer[] = [];
/** How many hold a slab. What is not in here is left to the garbage collector. */
const holders = new WeakMap<ArrayBufferLike, number>();

/** SLAB_BYTES with anything in them, held once. */
export function takeSlab(): Buffer {
  const slab = free.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES);
  holders.set(slab.buffer, 1);
  return slab;
}

/** Whether a chunk of so many bytes is to be made of a slab. */
export function isWorthSlab(length: number): boolean {
  return length >= WORTHWHILE_BYTES && length <= SLAB_BYTES;
}

/** The memory of `chunk` stays as it is until a `release` more. Nothing happens with a chunk that is not of a slab. */
export function hold(chunk: Buffer): void {
  const count = holders.get(chunk.buffer);
  if (count !== undefined) holders.set(chunk.buffer, count + 1);
}

/** The last one gives the memory back. */
export function release(chunk: Buffer): void {
  const count = holders.get(chunk.buffer);
  if (count === undefined) return;
  if (count > 1) {
    holders.set(chunk.buffer, count - 1);
    return;
  }
  holders.delete(chunk.buffer);
  if (free.length < MAX_FREE) free.push(Buffer.from(chunk.buffer));
}

/** Somebody got `chunk` who tells nobody when he is done with it: its memory is never used again. */
export function keep(chunk: Buffer): void {
  holders.delete(chunk.buffer);
}
