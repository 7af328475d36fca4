import type { Charset, Internals } from './internals';

/** What selects the sets of letters that the library knows. */
const NAMES = '0A45RQKYE6ZH7=C'.split('');
const INTO = ['(', ')', '*', '+'];
const SHIFT = ['\x0f', '\x0e', '\x1bn', '\x1bo'];

/** Which sets of letters there are, by what selects them. */
export class Charsets {
  private readonly names = new Map<Charset, string>([[undefined, 'B']]);

  /** They have no names, but a terminal that is not used for anything else shows what each selects. */
  constructor(terminal: Internals) {
    for (const name of NAMES) {
      terminal._inputHandler.parse(`\x1b(${name}`);
      const { charset } = terminal._charsetService;
      if (!this.names.has(charset)) this.names.set(charset, name);
    }
  }

  /** Puts a set into one of the four places. */
  designate(place: number, charset: Charset): string {
    return `\x1b${INTO[place] ?? '('}${this.names.get(charset) ?? 'B'}`;
  }

  /** The four places, and which of them counts. */
  all({ _charsets, glevel }: Internals['_charsetService']): string {
    const places = INTO.map((_, place) =>
      _charsets[place] === undefined ? '' : this.designate(place, _charsets[place]),
    );
    return places.join('') + (glevel === 0 ? '' : (SHIFT[glevel] ?? ''));
  }
}
