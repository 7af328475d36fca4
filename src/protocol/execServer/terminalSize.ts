import * as v from 'valibot';
import { Vague } from '../issueText';

const MAX_U16 = 65_535;

const cells = v.pipe(
  v.number(),
  v.check((value) => Number.isInteger(value) && value >= 1 && value <= MAX_U16, Vague.number),
  v.title('u16, not 0'),
);

/** A terminal's size in character cells. */
export const terminalSize = { rows: cells, cols: cells };
