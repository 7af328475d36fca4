/** A schema in the notation of the specification: `?` for what may be left out, titles for types of our own. */
import type * as v from 'valibot';

/** The members of schemas that matter here; the validator keeps them all in plain sight. */
interface Parts extends v.GenericSchema {
  readonly pipe?: readonly { readonly kind: string; readonly type: string; readonly title?: string }[];
  readonly entries?: Readonly<Record<string, Parts>>;
  readonly item?: Parts;
  readonly wrapped?: Parts;
  readonly options?: readonly string[];
  readonly literal?: unknown;
  readonly default?: unknown;
}

const OPTIONAL = ['optional', 'nullish', 'exact_optional'];
const PLAIN = ['string', 'boolean', 'number', 'null'];

export interface Member {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
  /** May be `null` instead of absent. */
  readonly isNullable: boolean;
  /** As JSON. */
  readonly standard: string | undefined;
}

/** The members of an object; none for what has none. */
export function membersOf(schema: v.GenericSchema): Member[] {
  const { wrapped, entries } = inner(schema);
  if (wrapped) return membersOf(wrapped);
  return Object.entries(entries ?? {}).map(([name, member]) => {
    const plain = inner(member);
    const isOptional = OPTIONAL.includes(plain.type);
    const core = isOptional && plain.wrapped ? plain.wrapped : member;
    return {
      name,
      type: typeText(core),
      isOptional,
      isNullable: plain.type === 'nullish',
      standard: plain.default === undefined ? undefined : JSON.stringify(plain.default),
    };
  });
}

/** One line. Throws for a kind of schema that it does not know, so that none goes into the page unnoticed. */
export function typeText(schema: v.GenericSchema): string {
  const title = (schema as Parts).pipe?.find(({ type }) => type === 'title')?.title;
  if (title !== undefined) return title;
  const parts = inner(schema);
  if (PLAIN.includes(parts.type)) return parts.type;
  if (parts.type === 'unknown') return 'any';
  if (parts.type === 'literal') return JSON.stringify(parts.literal);
  if (parts.type === 'picklist')
    return (parts.options ?? []).map((option) => JSON.stringify(option)).join(' or ');
  if (parts.type === 'array' && parts.item) return `${typeText(parts.item)}[]`;
  if (parts.type === 'nullable' && parts.wrapped) return `${typeText(parts.wrapped)} or null`;
  if (OPTIONAL.includes(parts.type) && parts.wrapped) return typeText(parts.wrapped);
  if (parts.entries) return `{${membersOf(schema).map(memberText).join(', ')}}`;
  throw new Error(`no text for a schema of the type ${parts.type}`);
}

function memberText({ name, type, isOptional }: Member): string {
  return `${name}${isOptional ? '?' : ''}: ${type}`;
}

/** The schema of a pipe that says most: the last one, behind which only checks and conversions follow. */
function inner(schema: v.GenericSchema): Parts {
  const { pipe } = schema as Parts;
  const last = pipe?.findLast((part): part is Parts => part.kind === 'schema');
  return last && last !== schema && last.pipe !== pipe ? inner(last) : schema;
}
