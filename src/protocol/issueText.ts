import type * as v from 'valibot';

type Issue = v.BaseIssue<unknown>;

/** Messages of our schemas that do not tell what they are about: the member is added. */
export const Vague = { number: 'invalid number', uuid: 'invalid UUID' } as const;

const VAGUE: ReadonlySet<string> = new Set(Object.values(Vague));

/** What is wrong with params, in the style of the reference's decoder, always naming the member. */
export function issueText(issue: Issue): string {
  const path = issue.path?.map((item) => item.key) ?? [];
  const field = path.at(-1);
  if (issue.kind === 'schema' && issue.received === 'undefined' && path.length > 0) {
    return `missing field \`${String(field)}\``;
  }
  // The reference's own words, which say what is meant.
  if (issue.kind !== 'schema' && !VAGUE.has(issue.message)) return issue.message;
  const where = path.length > 0 ? `, in ${pathText(path)}` : '';
  return `${reason(issue)}${where}`;
}

function reason(issue: Issue): string {
  if (issue.kind !== 'schema') return issue.message;
  if (issue.type === 'picklist' && typeof issue.input === 'string') {
    return `unknown variant \`${issue.input}\`, expected ${variants(issue.expected)}`;
  }
  if (issue.type === 'custom') return issue.message;
  return typeText(issue.input, EXPECTED[issue.type] ?? issue.expected ?? issue.type);
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a string',
  boolean: 'a boolean',
  number: 'a number',
  array: 'a sequence',
  loose_object: 'an object',
  strict_object: 'an object',
  record: 'a map',
  picklist: 'a string',
};

function variants(expected: string | null): string {
  const names = (expected ?? '').replace(/[()"]/g, '').split(' | ');
  return names.map((name) => `\`${name}\``).join(' or ');
}

/** The reference's words for a value of a wrong type. */
export function typeText(value: unknown, expected: string): string {
  return `invalid type: ${typeName(value)}, expected ${expected}`;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'sequence';
  return typeof value === 'object' ? 'map' : typeof value;
}

function pathText(path: readonly unknown[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return `\`${text.replace(/^\./, '')}\``;
}
