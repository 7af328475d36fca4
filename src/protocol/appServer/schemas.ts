import * as v from 'valibot';
import { Vague } from '../issueText';
import { mapOf } from '../schemas';

/** An integer of either sign, of 64 bits. */
export const integer = v.pipe(
  v.number(),
  v.check((value) => Number.isInteger(value) && Math.abs(value) <= 2 ** 63, Vague.number),
  v.title('integer'),
);

const u16 = v.pipe(
  v.number(),
  v.check((value) => Number.isInteger(value) && value >= 0 && value <= 65_535, Vague.number),
  v.title('u16'),
);

/** A terminal's size in cells; zeros are refused later, with their own words. */
export const size = v.looseObject({ rows: u16, cols: u16 });

/** Values of variables, `null` for those to remove. */
export const envChanges = mapOf(
  (value): value is string | null => value === null || typeof value === 'string',
  '{name: string or null}',
);
