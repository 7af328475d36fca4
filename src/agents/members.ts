import * as v from 'valibot';

/** Text without NUL characters; `what` it is, for whoever gave something else. */
export function text(what: string): v.GenericSchema<string> {
  return v.pipe(
    v.string(`must be a string: ${what}`),
    v.check((value) => !value.includes('\0'), `must not contain a NUL character: ${what}`),
  );
}

/** No system has longer paths, and nobody longer ids. */
const MAX_PATH_CHARACTERS = 32_767;

/** A path, or an id, which are kept and told as they are; `what` it is. */
export function pathText(what: string): v.GenericSchema<string> {
  const message = `must have at most ${MAX_PATH_CHARACTERS} characters`;
  return v.pipe(text(what), v.maxLength(MAX_PATH_CHARACTERS, message));
}

/** A whole number within these bounds, both included. */
export function integer(min: number, max: number): v.GenericSchema<number> {
  const message = `must be a whole number from ${min} to ${max}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
}

/** An object with just these members: a name that is not known is a typo, and told. */
export function object<E extends v.ObjectEntries>(
  entries: E,
): v.StrictObjectSchema<E, v.ErrorMessage<v.StrictObjectIssue>> {
  return v.strictObject(entries, (issue) =>
    issue.expected === 'never'
      ? `is not known here; known are ${Object.keys(entries).join(', ')}`
      : issue.expected === 'Object'
        ? `takes one object with ${Object.keys(entries).join(', ')}`
        : 'is missing',
  );
}
