import { applyEdits, modify, parse, type ParseError } from 'jsonc-parser';

const FORMAT = { insertSpaces: true, tabSize: 2 };

/**
 * The value at a path; undefined where there is none.
 *
 * @throws Error for a text that is no JSON, comments aside
 */
export function jsonValue(text: string, path: readonly string[]): unknown {
  let value = parsed(text);
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** The text with another value there, or, when it is undefined, without it and the objects that are empty then. Everything else stays as it is. */
export function withJsonValue(text: string, path: readonly string[], value: unknown): string {
  parsed(text);
  const before = text.trim() === '' ? '{}\n' : text;
  const set = (from: string, at: readonly string[], to: unknown): string =>
    applyEdits(from, modify(from, [...at], to, { formattingOptions: FORMAT }));
  let after = set(before, path, value);
  const parent = path.slice(0, -1);
  const left = value === undefined && parent.length > 0 ? jsonValue(after, parent) : undefined;
  if (typeof left === 'object' && left !== null && Object.keys(left).length === 0)
    after = set(after, parent, undefined);
  return after;
}

function parsed(text: string): unknown {
  if (text.trim() === '') return {};
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  if (errors.length > 0) throw new Error('it is not valid JSON');
  return value;
}
