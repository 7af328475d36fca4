/** Steps of comparison that are left; each takes some nanoseconds. */
export interface Work {
  left: number;
}

/** More than `Work` had left was needed. */
export class WorkError extends Error {}

/** A text as patterns compare it: without regard to case, by whole characters, those beyond U+FFFF too. */
export function toCharacters(text: string): readonly string[] {
  return Array.from(text.toLowerCase());
}

/**
 * A pattern for whole texts, without regard to case: `*` is any text, `?` is one character, everything else stands for
 * itself, brackets too. Takes time in proportion to the text, but for parts with `?`, where it can be the product of both
 * lengths.
 */
export class Wildcard {
  private readonly first: Part;
  private readonly between: readonly Part[];
  /** Undefined without a star: then `first` is all. */
  private readonly last: Part | undefined;

  constructor(pattern: string) {
    const [first = '', ...others] = pattern.toLowerCase().split('*');
    this.first = new Part(first);
    this.last = others.length > 0 ? new Part(others.pop() ?? '') : undefined;
    this.between = others.filter(Boolean).map((part) => new Part(part));
  }

  /**
   * Whether the whole text fits.
   *
   * @throws WorkError when that takes too long to tell
   */
  matches(text: readonly string[], work: Work): boolean {
    spend(work, 1);
    const { first, last } = this;
    const shortest = first.length + (last?.length ?? 0);
    if (last ? text.length < shortest : text.length !== shortest) return false;
    const end = text.length - (last?.length ?? 0);
    if (!first.isAt(text, 0, work) || last?.isAt(text, end, work) === false) return false;
    let from = first.length;
    // What an earlier part takes as soon as it can leaves the most to the later ones.
    for (const part of this.between) {
      const found = part.find(text, from, end, work);
      if (found === -1) return false;
      from = found + part.length;
    }
    return true;
  }
}

/** What stands between two stars. */
class Part {
  private readonly wanted: readonly string[];
  /** For each place, how long the longest beginning is that ends there as well; undefined with a `?`. */
  private readonly borders: Uint32Array | undefined;

  constructor(part: string) {
    this.wanted = Array.from(part);
    this.borders = part.includes('?') ? undefined : bordersOf(this.wanted);
  }

  get length(): number {
    return this.wanted.length;
  }

  isAt(text: readonly string[], place: number, work: Work): boolean {
    const { wanted } = this;
    let same = 0;
    while (same < wanted.length && (wanted[same] === '?' || wanted[same] === text[place + same])) same++;
    spend(work, same + 1);
    return same === wanted.length;
  }

  /** The first place from `from` on where it ends before `end`; -1 if there is none. */
  find(text: readonly string[], from: number, end: number, work: Work): number {
    if (this.borders) return this.search(text, from, end, this.borders, work);
    for (let place = from; place + this.length <= end; place++)
      if (this.isAt(text, place, work)) return place;
    return -1;
  }

  /** By Knuth, Morris and Pratt: looks at no character of the text twice. */
  private search(
    text: readonly string[],
    from: number,
    end: number,
    borders: Uint32Array,
    work: Work,
  ): number {
    const { wanted } = this;
    let same = 0;
    for (let place = from; place < end; place++) {
      while (same > 0 && wanted[same] !== text[place]) same = borders[same - 1] ?? 0;
      if (wanted[same] === text[place]) same++;
      if (same < wanted.length) continue;
      spend(work, place - from + 1);
      return place + 1 - wanted.length;
    }
    spend(work, end - from + 1);
    return -1;
  }
}

function bordersOf(wanted: readonly string[]): Uint32Array {
  const borders = new Uint32Array(wanted.length);
  let length = 0;
  for (let place = 1; place < wanted.length; place++) {
    while (length > 0 && wanted[place] !== wanted[length]) length = borders[length - 1] ?? 0;
    if (wanted[place] === wanted[length]) length++;
    borders[place] = length;
  }
  return borders;
}

function spend(work: Work, steps: number): void {
  work.left -= steps;
  if (work.left < 0) throw new WorkError();
}
