import * as v from 'valibot';

/** The value that JSON text holds; undefined for text that is none, and for a value that does not fit. */
export function parseText<S extends v.GenericSchema>(schema: S, text: string): v.InferOutput<S> | undefined {
  try {
    const result = v.safeParse(schema, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
