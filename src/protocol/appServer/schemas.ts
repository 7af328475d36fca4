import * as v from 'valibot';
import { typeText, Vague } from '../issueText';

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
export const envChanges = v.pipe(
  v.custom<Readonly<Record<string, unknown>>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    ({ input }) => typeText(input, 'a map'),
  ),
  v.rawTransform<Readonly<Record<string, unknown>>, Readonly<Record<string, string | null>>>(
    ({ dataset, addIssue, NEVER }) => {
      const entries = Object.entries(dataset.value);
      const wrong = entries.find(([, value]) => value !== null && typeof value !== 'string');
      if (!wrong) return dataset.value as Record<string, string | null>;
      addIssue({ message: `${typeText(wrong[1], 'a string')}, in \`${wrong[0]}\`` });
      return NEVER;
    },
  ),
  v.title('{name: string or null}'),
);
