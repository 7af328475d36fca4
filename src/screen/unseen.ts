import type { IParser } from '@xterm/headless';

/** Private modes that the library keeps itself, or that are no state: screens, columns, cursors, output held back. */
const KEPT = new Set([
  1, 2, 3, 6, 7, 9, 12, 25, 45, 47, 66, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 1047, 1048,
]);
for (const mode of [1049, 2004, 2026]) KEPT.add(mode);
/** A program that sets more than this is not to be followed. */
const MAX_ENTRIES = 1024;

/** What a program has set and the library does not keep because it shows nothing: colours, and modes that it does not know. */
export class Unseen {
  private readonly colours = new Map<string, string>();
  private readonly modes = new Set<number>();

  constructor(parser: IParser) {
    const forget = (): boolean => {
      this.modes.clear();
      return false;
    };
    parser.registerEscHandler({ final: 'c' }, forget);
    parser.registerCsiHandler({ prefix: '?', final: 'h' }, (params) => this.setModes(params, true));
    parser.registerCsiHandler({ prefix: '?', final: 'l' }, (params) => this.setModes(params, false));
    parser.registerOscHandler(4, (data) => this.palette(data));
    parser.registerOscHandler(104, (data) => this.forgetPalette(data));
    for (const [offset, code] of [10, 11, 12].entries()) {
      parser.registerOscHandler(code, (data) => this.special(offset, data));
      parser.registerOscHandler(code + 100, () => {
        this.colours.delete(String(code));
        return false;
      });
    }
  }

  /** Sets it all. */
  restore(): string {
    const modes = [...this.modes].map((mode) => `\x1b[?${mode}h`);
    const colours = [...this.colours].map(([what, colour]) => `\x1b]${what};${colour}\x1b\\`);
    return [...modes, ...colours].join('');
  }

  private setModes(params: readonly (number | number[])[], on: boolean): false {
    for (const mode of params) {
      if (typeof mode !== 'number' || KEPT.has(mode)) continue;
      if (!on) this.modes.delete(mode);
      else if (this.modes.size < MAX_ENTRIES) this.modes.add(mode);
    }
    return false;
  }

  private palette(data: string): false {
    const parts = data.split(';');
    for (let at = 0; at + 1 < parts.length; at += 2) this.set(`4;${Number(parts[at])}`, parts[at + 1] ?? '');
    return false;
  }

  private forgetPalette(data: string): false {
    const indices = data === '' ? undefined : data.split(';').map((index) => `4;${Number(index)}`);
    for (const what of [...this.colours.keys()])
      if (what.startsWith('4;') && (indices?.includes(what) ?? true)) this.colours.delete(what);
    return false;
  }

  /** Further colours are those of the next codes. */
  private special(offset: number, data: string): false {
    for (const [index, colour] of data.split(';').entries()) {
      if (offset + index < 3) this.set(String(10 + offset + index), colour);
    }
    return false;
  }

  /** Not a question, and nothing that could end the sequence. */
  private set(what: string, colour: string): void {
    if (/^(?:#[\da-f]{3,12}|rgb:[\da-f/]{5,14})$/i.test(colour) && this.colours.size < MAX_ENTRIES)
      this.colours.set(what, colour);
  }
}
