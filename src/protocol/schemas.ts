import * as v from 'valibot';
import { Base64Error, decodeBase64 } from './base64';
import { typeText, Vague } from './issueText';
import { parsePathUri, PathUriError, type PathUri } from './pathUri';
import { isObject } from '../values';

/** Largest value of an unsigned 64-bit integer. */
const MAX_U64 = 2 ** 64;

/** An unsigned 64-bit integer; values that a double can't hold exactly become the largest that it can. */
export const u64 = v.pipe(
  v.number(),
  v.check((value) => Number.isInteger(value) && value >= 0 && value <= MAX_U64, Vague.number),
  v.transform((value) => Math.min(value, Number.MAX_SAFE_INTEGER)),
  v.title('u64'),
);

/** Strict base64, decoded. */
export const bytes = v.pipe(
  v.string(),
  v.rawTransform<string, Buffer>(({ dataset, addIssue, NEVER }) => {
    try {
      return decodeBase64(dataset.value);
    } catch (error) {
      if (!(error instanceof Base64Error)) throw error;
      addIssue({ message: error.message });
      return NEVER;
    }
  }),
  v.title('bytes'),
);

/** A `file:` URI, well-formed on any host. */
export const pathUri = v.pipe(
  v.string(),
  v.rawTransform<string, PathUri>(({ dataset, addIssue, NEVER }) => {
    try {
      return parsePathUri(dataset.value);
    } catch (error) {
      if (!(error instanceof PathUriError)) throw error;
      addIssue({ message: error.message });
      return NEVER;
    }
  }),
  v.title('URI'),
);

/** Names in one map: more variables than any program has, in some 25 ms. */
const MAX_NAMES = 8192;

/**
 * Names and values, counted before they are looked at one by one, which takes long for very many. The validator's own
 * records leave out names such as `constructor`, which an environment variable may well have.
 */
export function mapOf<Value>(
  isValue: (value: unknown) => value is Value,
  title: string,
): v.GenericSchema<unknown, Readonly<Record<string, Value>>> {
  return v.pipe(
    v.custom<Readonly<Record<string, unknown>>>(
      (value) => isObject(value) && Object.keys(value).length <= MAX_NAMES,
      ({ input }) => mapFault(input),
    ),
    v.rawTransform<Readonly<Record<string, unknown>>, Readonly<Record<string, Value>>>(
      ({ dataset: { value: map }, addIssue, NEVER }) => {
        const wrong = Object.keys(map).find((name) => !isValue(map[name]));
        if (wrong === undefined) return map as Record<string, Value>;
        addIssue({ message: `${typeText(map[wrong], 'a string')}, in \`${wrong}\`` });
        return NEVER;
      },
    ),
    v.title(title),
  );
}

/** Names and texts. */
export const textMap = mapOf((value) => typeof value === 'string', '{name: string}');

function mapFault(value: unknown): string {
  if (!isObject(value)) return typeText(value, 'a map');
  return `there are ${Object.keys(value).length} names; the limit is ${MAX_NAMES}`;
}

/** A member that may be absent or `null`, which means the same (docs/protocol/README.md#notation). */
export function maybe<Output>(
  schema: v.GenericSchema<unknown, Output>,
): v.GenericSchema<unknown, Output | undefined> {
  return v.pipe(
    v.nullish(schema),
    v.transform((value) => value ?? undefined),
  );
}

/** In results: what `bytes` and `pathUri` are on the wire. */
export const base64 = v.pipe(v.string(), v.title('bytes'));
export const uriText = v.pipe(v.string(), v.title('URI'));

/** The result of a method that has nothing to tell. */
export const nothing = v.strictObject({});

/** Params of a method that has none: absent, `null` or an empty object. */
export const noParams = v.nullish(v.strictObject({}));
