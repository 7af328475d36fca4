/**
 * A mark is a question put between pieces of output; its answer says that the terminal has parsed all before it.
 * That is the only back-pressure there is. "Report mode" (DECRQM) repeats the number it was asked about, so our
 * answers can't be taken for answers to the child's own questions, in any order and even if some are lost.
 */
export class Marks {
  private readonly first: number;
  private next: number;

  /** @param seed picks the numbers, so that a child can't guess them by accident */
  constructor(seed: number = Math.random()) {
    // Far above every mode that terminals know, and below what their parsers cut off.
    this.first = 100_000 + Math.floor(seed * 900_000) * 1000;
    this.next = this.first;
  }

  /** A new mark, as its number and as what is written to the terminal. */
  create(): { id: number; text: string } {
    const id = this.next++;
    return { id, text: `\x1b[?${id}$p` };
  }

  /** Takes the answers to our marks out of what the terminal sent. */
  extract(data: string): { answered: number[]; rest: string } {
    if (!data.includes('$y')) return { answered: [], rest: data };
    const answered: number[] = [];

    const rest = data.replace(/\x1b\[\?(\d+);\d+\$y/g, (answer, digits: string) => {
      const id = Number(digits);
      if (id < this.first || id >= this.next) return answer;
      answered.push(id);
      return '';
    });
    return { answered, rest };
  }
}

/**
 * What a terminal says by itself: positions, attributes, modes, colours, focus, mouse; one or several.
 * Keys that look alike (F3 with a modifier is a position's twin) only matter while answers are dropped.
 * Each can be read in one way only, or a long paste that is none of them would be tried in all ways.
 */
const REPORTS =
  /^(?:\x1b\[(?:[?>=<]?[\d;]*(?:\$y|[cRnt])|[IO]|<[\d;]*[Mm]|M[^]{3}|\?[\d;]*u)|\x1b[P\]_^][^\x07\x1b]*(?:\x07|\x1b\\))+$/;

export function isReport(data: string): boolean {
  return REPORTS.test(data);
}
