import { SandboxRefusal } from '../refusal';
import { Effort } from './effort';

/** What one character has to be; `*` is any number of any. */
type Piece = '*' | ((char: string) => boolean);
/** A name's pattern; `**` is any number of folders. Taken to pieces when a name is first held against it. */
type Segment = '**' | { readonly text: string; pieces?: readonly Piece[] };

export type Chars = readonly string[];
export const charsOf = (name: string): Chars => Array.from(name);

const MAX_LENGTH = 4096;
/** What a choice costs that does not match from the beginning. */
const CHOICE_STEPS = 8;
/** The length of all choices together, in characters. */
const MAX_EXPANDED = 65_536;

/**
 * A pattern for paths below a folder, as gitignore-like globs are read: `*` and `?` within one name, hidden ones too, `**`
 * as a whole name for any number of folders, `[a-z]`, `[!a-z]`, `{a,b}`, and a backslash that takes a character as it is.
 * Not made into a regular expression: `*a*a*a*b` would keep one busy for minutes, and these patterns and the names of
 * files are both the words of others. This takes at most the product of both lengths.
 */
export class Glob {
  private readonly choices: readonly (readonly Segment[])[];
  /** Characters of all choices together. */
  readonly length: number;
  /** Names in front that hold nothing special, so that only what is below them is ever matched. */
  readonly literal: readonly string[];

  /** Whether it finds what it matches wherever that is moved to below the folder where it starts. */
  get findsAnywhere(): boolean {
    return this.choices.every((segments) => segments.length === 2 && segments[0] === '**');
  }

  /** @throws SandboxRefusal for more than 4,096 characters, 65,536 with all choices written out, an open brace, or a backslash at the end */
  constructor(pattern: string) {
    if (pattern.length > MAX_LENGTH)
      throw refusal(pattern, `it has ${pattern.length} characters; the limit is ${MAX_LENGTH}`);
    const texts = expandBraces(pattern);
    this.length = texts.reduce((sum, text) => sum + text.length, 0);
    this.choices = texts.map((text) => text.split('/').filter(Boolean).map(segmentOf));
    const names = pattern.split('/').filter(Boolean);
    const special = names.findIndex((name) => /[*?[{\\]/.test(name));
    this.literal = special === -1 ? names : names.slice(0, special);
  }

  /**
   * @param names of a path below the folder where the pattern starts
   * @throws SandboxRefusal if it takes more than 4 million steps
   */
  matches(names: readonly string[]): boolean {
    return this.matchesChars(names.map(charsOf), new Effort());
  }

  /**
   * Whether the pattern matches.
   *
   * @param names of a path below the folder where the pattern starts, in characters
   * @param effort what it may still cost
   * @throws SandboxRefusal when `effort` is spent
   */
  matchesChars(names: readonly Chars[], effort: Effort): boolean {
    return this.choices.some((segments) => matchesAll(segments, names, effort));
  }
}

/** The last star takes as little as it can, then more: no earlier one ever has to take more. */
function greedy<P, T>(
  pattern: readonly P[],
  text: readonly T[],
  isStar: (piece: P) => boolean,
  fits: (piece: P, item: T) => boolean,
  effort: Effort,
): boolean {
  let [at, star, resume] = [0, -1, 0];
  for (let place = 0; place < text.length;) {
    effort.spend(1);
    const piece = pattern[at];
    const item = text[place] as T;
    if (piece !== undefined && isStar(piece)) {
      star = at++;
      resume = place;
    } else if (piece !== undefined && fits(piece, item)) {
      at++;
      place++;
    } else if (star === -1) {
      return false;
    } else {
      at = star + 1;
      place = ++resume;
    }
  }
  while (at < pattern.length && isStar(pattern[at] as P)) at++;
  return at === pattern.length;
}

function matchesAll(segments: readonly Segment[], names: readonly Chars[], effort: Effort): boolean {
  effort.spend(CHOICE_STEPS);
  // A `**` at the end is what is in a folder, not the folder.
  const isInside = segments.at(-1) === '**';
  if (isInside && names.length === 0) return false;
  const fitsName = (segment: Segment, name: Chars): boolean =>
    segment !== '**' && greedy((segment.pieces ??= piecesOf(segment.text)), name, isStar, fitsChar, effort);
  return greedy(segments, isInside ? names.slice(0, -1) : names, isDeep, fitsName, effort);
}

const isDeep = (segment: Segment): boolean => segment === '**';
const isStar = (piece: Piece): boolean => piece === '*';
const fitsChar = (piece: Piece, char: string): boolean => piece !== '*' && piece(char);

const segmentOf = (text: string): Segment => (/^\*\*+$/.test(text) ? '**' : { text });

function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const chars = Array.from(text);
  const lastClose = chars.lastIndexOf(']');
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at];
    const end = char === '[' ? classEnd(chars, at, lastClose) : -1;
    if (end !== -1) {
      pieces.push(classOf(chars.slice(at + 1, end)));
      at = end;
    } else if (char === '*') pieces.push('*');
    else if (char === '?') pieces.push(() => true);
    else {
      const itself = char === '\\' ? chars[++at] : char;
      pieces.push((other) => other === itself);
    }
  }
  return pieces;
}

/** Where a class ends; -1 for a bracket that is never closed and stands for itself. */
function classEnd(chars: readonly string[], start: number, lastClose: number): number {
  const first = start + (chars[start + 1] === '!' || chars[start + 1] === '^' ? 2 : 1);
  return first + 1 > lastClose ? -1 : chars.indexOf(']', first + 1);
}

function classOf(inside: readonly string[]): (char: string) => boolean {
  const isNot = inside[0] === '!' || inside[0] === '^';
  const members = isNot ? inside.slice(1) : inside;
  const ranges: [number, number][] = [];
  for (let at = 0; at < members.length; at++) {
    const from = code(members[at]);
    const isRange = members[at + 1] === '-' && at + 2 < members.length;
    ranges.push([from, isRange ? code(members[at + 2]) : from]);
    if (isRange) at += 2;
  }
  return (char) => ranges.some(([from, to]) => code(char) >= from && code(char) <= to) !== isNot;
}

const code = (char = ''): number => char.codePointAt(0) ?? -1;

function expandBraces(pattern: string): readonly string[] {
  const done: string[] = [];
  const todo = [pattern];
  let length = 0;
  for (let text = todo.pop(); text !== undefined; text = todo.pop()) {
    const choices = firstBraces(text);
    if (choices) todo.push(...choices);
    else done.push(text);
    length += text.length + 1;
    if (length > MAX_EXPANDED) throw refusal(pattern, `its braces give more than ${MAX_EXPANDED} characters`);
  }
  return done;
}

/** The text once for each choice of its first braces; undefined without any. */
function firstBraces(text: string): readonly string[] | undefined {
  if (!/[{\\]/.test(text)) return undefined;
  const chars = Array.from(text);
  const lastClose = chars.lastIndexOf(']');
  const cut = (from: number, to?: number) => chars.slice(from, to).join('');
  let [depth, start] = [0, -1];
  const commas: number[] = [];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at];
    if (char === '\\') {
      if (++at === chars.length) throw refusal(text, 'it ends with a backslash');
    } else if (char === '[') at = Math.max(at, classEnd(chars, at, lastClose));
    else if (char === '{' && depth++ === 0) start = at;
    else if (char === ',' && depth === 1) commas.push(at);
    else if (char === '}' && depth > 0 && --depth === 0) {
      const starts = [start, ...commas];
      return [...commas, at].map(
        (end, index) => cut(0, start) + cut((starts[index] ?? 0) + 1, end) + cut(at + 1),
      );
    }
  }
  if (depth > 0) throw refusal(text, 'a brace is not closed');
  return undefined;
}

function refusal(pattern: string, reason: string): SandboxRefusal {
  const short = pattern.length > 80 ? `${pattern.slice(0, 80)}…` : pattern;
  return new SandboxRefusal(
    '',
    `the pattern \`${short}\` cannot be used: ${reason}`,
    'Use a simpler pattern.',
  );
}
