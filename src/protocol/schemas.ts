import * as v from 'valibot';
import { Base64Error, decodeBase64 } from './base64';
import { typeText, Vague } from './issueText';
import { parsePathUri, PathUriError, type PathUri } from './pathUri';

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

/**
 * Names and texts. The validator's own records leave out names such as `constructor`, which an
 * environment variable may well have.
 */
export const textMap = v.pipe(
  v.custom<Readonly<Record<string, unknown>>>(isMap, ({ input }) => typeText(input, 'a map')),
  v.rawTransform<Readonly<Record<string, unknown>>, Readonly<Record<string, string>>>(
    ({ dataset, addIssue, NEVER }) => {
      const wrong = Object.entries(dataset.value).find(([, value]) => typeof value !== 'string');
      if (!wrong) return dataset.value as Record<string, string>;
      addIssue({ message: `${typeText(wrong[1], 'a string')}, in \`${wrong[0]}\`` });
      return NEVER;
    },
  ),
  v.title('{name: string}'),
);

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that may be absent or `null`, which means the same (PROTOCOL, notation). */
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
