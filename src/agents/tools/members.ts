import * as v from 'valibot';
import { integer } from '../members';
import { LONGEST_YIELD_MS } from './waiting';

const MAX_TOKENS = 100_000;

/** Members that several tools take. */
export const sessionIdMember = v.pipe(
  integer(1, Number.MAX_SAFE_INTEGER),
  v.description('The number that exec_command or list_processes gave.'),
);

export const maxTokensMember = v.optional(
  v.pipe(
    integer(1, MAX_TOKENS),
    v.description(
      'The most tokens of output to return; 10000 when absent. What is left out can be read later.',
    ),
  ),
);

/** `fallback` in ms. */
export function yieldMember(fallback: string): v.OptionalSchema<v.GenericSchema<number>, undefined> {
  return v.optional(
    v.pipe(
      integer(0, Number.MAX_SAFE_INTEGER),
      v.description(
        `How long to wait for output or the end, in milliseconds; ${fallback} when absent, ${LONGEST_YIELD_MS} at most.`,
      ),
    ),
  );
}
