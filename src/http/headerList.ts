/**
 * Headers to send: names in lower case, values as Node writes them, one character a byte. The values of one
 * name stay in their order and stand together where the name was first, as the reference sends them.
 */
export class HeaderList {
  private readonly values: ReadonlyMap<string, readonly string[]>;

  constructor(entries: Iterable<readonly [name: string, value: string]> = []) {
    const values = new Map<string, string[]>();
    for (const [name, value] of entries) {
      const others = values.get(name);
      if (others) others.push(value);
      else values.set(name, [value]);
    }
    this.values = values;
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  get(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }

  without(...names: string[]): HeaderList {
    return new HeaderList([...this.entries()].filter(([name]) => !names.includes(name)));
  }

  /** In the place of all headers of that name, else at the end. */
  replacing(name: string, value: string): HeaderList {
    const rest = [...this.grouped()].map(([key, values]) => [key, key === name ? [value] : values] as const);
    const pairs = rest.flatMap(([key, values]) => values.map((each) => [key, each] as const));
    return new HeaderList(this.has(name) ? pairs : [...pairs, [name, value]]);
  }

  /** At the end, unless there is one of that name. */
  withDefault(name: string, value: string | undefined): HeaderList {
    if (value === undefined || this.has(name)) return this;
    return new HeaderList([...this.entries(), [name, value]]);
  }

  /** Every name once, with all its values. */
  grouped(): Iterable<readonly [name: string, values: readonly string[]]> {
    return this.values;
  }

  private *entries(): Generator<readonly [string, string]> {
    for (const [name, values] of this.values) for (const value of values) yield [name, value];
  }
}
