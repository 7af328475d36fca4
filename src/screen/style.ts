import type { Internals, Style } from './internals';

const MODE = 0x3000000;
const PALETTE_16 = 0x1000000;
const PALETTE_256 = 0x2000000;
const RGB = 0xffffff;

/** Bits of `fg` and `bg` and the attributes that set them. */
const FG_FLAGS: readonly [bit: number, sgr: number][] = [
  [0x8000000, 1],
  [0x20000000, 5],
  [0x4000000, 7],
  [0x40000000, 8],
  [0x80000000, 9],
];
const BG_FLAGS: readonly [bit: number, sgr: number][] = [
  [0x8000000, 2],
  [0x4000000, 3],
  [0x40000000, 53],
];
const UNDERLINE = 0x10000000;
const EXTENDED = 0x10000000;
const PROTECTED = 0x20000000;
/** In `fg`: what can be seen of a place without a letter. */
const SEEN_WITHOUT_LETTER = 0x4000000 | UNDERLINE | 0x80000000;
const OVERLINE = 0x40000000;

/** Whether a place without a letter is more than a coloured one. */
export function isMoreThanColour({ fg, bg }: Style): boolean {
  return (fg & SEEN_WITHOUT_LETTER) !== 0 || (bg & (OVERLINE | PROTECTED)) !== 0;
}

/** Whether its `extended` counts. */
export function hasExtended({ bg }: Style): boolean {
  return (bg & EXTENDED) !== 0;
}

/** Whether it has a colour behind it. */
export function hasBackground({ bg }: Style): boolean {
  return (bg & MODE) !== 0;
}

/** Equal for what looks the same. */
export function keyOf({ fg, bg, extended }: Style): string {
  return `${fg},${bg},${extended._ext},${extended.urlId}`;
}

/** Sets the style from any other one, the link excepted. */
export function sgr({ fg, bg, extended }: Style): string {
  const codes: (number | string)[] = [0];
  for (const [bit, code] of FG_FLAGS) if (fg & bit) codes.push(code);
  for (const [bit, code] of BG_FLAGS) if (bg & bit) codes.push(code);
  if (fg & UNDERLINE) codes.push(`4:${Math.max(1, (extended._ext >>> 26) & 7)}`);
  codes.push(...colour(fg, 30, 90, '38'), ...colour(bg, 40, 100, '48'), ...underlineColour(extended._ext));
  return `\x1b[${codes.join(';')}m${bg & PROTECTED ? '\x1b[1"q' : ''}`;
}

/** Begins and ends links. */
export function link({ extended }: Style, { _oscLinkService }: Pick<Internals, '_oscLinkService'>): string {
  const data = extended.urlId ? _oscLinkService.getLinkData(extended.urlId) : undefined;
  if (!data) return '\x1b]8;;\x1b\\';
  return `\x1b]8;${data.id === undefined ? '' : `id=${data.id}`};${data.uri}\x1b\\`;
}

function colour(value: number, dark: number, bright: number, extended: string): (number | string)[] {
  const index = value & 0xff;
  switch (value & MODE) {
    case 0:
      return [];
    case PALETTE_16:
      return [index < 8 ? dark + index : bright + index - 8];
    case PALETTE_256:
      return [`${extended};5;${index}`];
    default:
      return [`${extended};2;${rgb(value).join(';')}`];
  }
}

function underlineColour(value: number): string[] {
  if ((value & MODE) === 0) return [];
  return [(value & MODE) === MODE ? `58:2::${rgb(value).join(':')}` : `58:5:${value & 0xff}`];
}

function rgb(value: number): number[] {
  const whole = value & RGB;
  return [whole >>> 16, (whole >>> 8) & 0xff, whole & 0xff];
}
