import * as v from 'valibot';

/** So much of a member's name is told back. */
const MAX_NAME_CHARACTERS = 100;

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
  // A name that nobody knows may be of any length.
  const member = v.getDotPath(issue)?.slice(0, MAX_NAME_CHARACTERS);
  throw new ArgumentError(`${command}: ${member ? `"${member}": ` : ''}${issue.message}`);
}
