import * as v from 'valibot';
import { SandboxRefusal } from '../refusal';

/**
 * The value as the schema has it.
 * @throws SandboxRefusal that names the member that is wrong
 */
export function parse<T extends v.GenericSchema>(schema: T, value: unknown): v.InferOutput<T> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = issue.path?.map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)) ?? [];
  const { received, expected } = issue;
  const reason = received === 'undefined' ? 'missing' : `it is ${received.slice(0, 100)}`;
  throw new SandboxRefusal(
    path.join('').replace(/^\./, ''),
    expected === null ? reason : `${reason}, expected ${expected}`,
    'Retrying will not help. The client and this server may be of versions that do not fit together.',
  );
}
