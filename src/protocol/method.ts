import * as v from 'valibot';
import { invalidParams, type ErrorCode } from './errors';
import { issueText } from './issueText';
import type { Notification } from './notification';

/** When a method answers with which error, beside those that every method of its dialect may answer with. */
export type Errors = Readonly<Partial<Record<keyof typeof ErrorCode, string>>>;

/** What is said about a method, for its types and for docs/protocol. */
export interface About<ResultSchema extends v.GenericSchema> {
  /** The page of docs/protocol that describes it, without `.md`. */
  readonly page: string;
  /** One or two sentences. */
  readonly summary: string;
  readonly result: ResultSchema;
  readonly errors?: Errors;
  /** What the server may send on account of it. */
  readonly notifies?: readonly Notification[];
}

/** One wire method: its name, and how its params are read. Everything else is derived from this. */
export interface Method<Params, Result = unknown> {
  readonly name: string;
  readonly params: v.GenericSchema;
  readonly about: About<v.GenericSchema<unknown, Result>>;
  /**
   * Absent params count as `null`.
   *
   * @throws RpcError -32602
   */
  decode(params: unknown): Params;
}

/** What a method answers with. */
export type ResultOf<M> = M extends Method<unknown, infer Result> ? Result : never;

/** Declares a wire method. */
export function method<
  const Schema extends v.GenericSchema,
  const Result extends v.GenericSchema<unknown, unknown>,
>(name: string, schema: Schema, about: About<Result>): Method<v.InferOutput<Schema>, v.InferOutput<Result>> {
  return {
    name,
    params: schema,
    about: about,
    decode(params) {
      if (Array.isArray(params)) throw invalidParams('invalid type: sequence, expected an object');
      const result = v.safeParse(schema, params ?? null, { abortEarly: true });
      if (result.success) return result.output;
      throw invalidParams(issueText(result.issues[0]));
    },
  };
}
