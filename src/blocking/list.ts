import type { PackedList } from './listCalls';

/** What a name in a folder leads to; `nothing` for a link to nowhere. */
export type EntryKind = 'file' | 'directory' | 'other' | 'nothing';

export interface ListEntry {
  readonly name: Buffer;
  /** About what a link leads to if links were followed, else `other`. */
  readonly kind: EntryKind;
  readonly isLink: boolean;
}

const KINDS: readonly EntryKind[] = ['other', 'file', 'directory', 'nothing'];
const LINK = 4;

/** Entries of a folder, made one by one out of a few bytes for each. */
export class List implements Iterable<ListEntry> {
  private readonly names: Buffer;
  private readonly kinds: Uint8Array;
  /** There are more than were asked for. */
  readonly isCut: boolean;

  constructor({ names, kinds, isCut }: PackedList) {
    this.names = Buffer.from(names.buffer, names.byteOffset, names.byteLength);
    this.kinds = kinds;
    this.isCut = isCut;
  }

  *[Symbol.iterator](): Iterator<ListEntry> {
    let start = 0;
    for (const code of this.kinds) {
      const end = this.names.indexOf(0, start);
      const name = this.names.subarray(start, end);
      yield { name, kind: KINDS[code & (LINK - 1)] ?? 'other', isLink: code >= LINK };
      start = end + 1;
    }
  }
}
