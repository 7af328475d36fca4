import * as v from 'valibot';
import { invalidParams } from './errors';
import { issueText } from './issueText';

/** One wire method: its name, and how its params are read. Everything else is derived from this. */
export interface Method<Params> {
  readonly name: string;
  /** Throws RpcError -32602. Absent params count as `null`. */
  decode(params: unknown): Params;
}

/** Declares a wire method. */
export function method<const Schema extends v.GenericSchema>(
  name: string,
  schema: Schema,
): Method<v.InferOutput<Schema>> {
  return {
    name,
    decode(params) {
      if (Array.isArray(params)) throw invalidParams('invalid type: sequence, expected an object');
      const result = v.safeParse(schema, params ?? null, { abortEarly: true });
      if (result.success) return result.output;
      throw invalidParams(issueText(result.issues[0]));
    },
  };
}
