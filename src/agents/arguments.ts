import * as v from 'valibot';

/** What a caller did wrong, in words it can act on. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
  /** For callers that see only JSON. */
  readonly code = 'EINVAL';
}

/** Checks what came from outside against a schema; names the command, the member and what it must be. */
export function parseArguments<S extends v.GenericSchema>(
  command: string,
  schema: S,
  input: unknown,
): v.InferOutput<S> {
  const result = v.safeParse(schema, input ?? {}, { abortPipeEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  const member = v.getDotPath(issue);
  throw new ArgumentError(`${command}: ${member ? `"${member}": ` : ''}${issue.message}`);
}
