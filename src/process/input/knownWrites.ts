import { createHash } from 'node:crypto';
import type { WriteStatus } from '../types';

/** How many write ids are remembered for each process. */
const KNOWN_IDS = 4096;
/** Only the digest of a longer id is remembered. */
const SHORT_ID_LENGTH = 64;

/** The answer to each write that has an id: what was accepted once is not written again. */
export class KnownWrites {
  /** Oldest first. */
  readonly #known = new Map<string, Promise<WriteStatus>>();

  /** Writes, or gives the answer of the write that had this id. */
  once(writeId: string | undefined, write: () => Promise<WriteStatus>): Promise<WriteStatus> {
    if (writeId === undefined) return write();
    const key = keyOf(writeId);
    const known = this.#known.get(key);
    if (known) return known;
    const result = write();
    this.#remember(key, result);
    return result;
  }

  #remember(key: string, result: Promise<WriteStatus>): void {
    this.#known.set(key, result);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= KNOWN_IDS) break;
      this.#known.delete(oldest);
    }
    const forget = (): void => {
      if (this.#known.get(key) === result) this.#known.delete(key);
    };
    // What was not written may be tried again.
    result.then((status) => status !== 'accepted' && forget(), forget);
  }
}

/** What is remembered as it is begins with a sign that no digest begins with. */
function keyOf(writeId: string): string {
  return writeId.length <= SHORT_ID_LENGTH
    ? `=${writeId}`
    : createHash('sha256').update(writeId).digest('base64');
}
