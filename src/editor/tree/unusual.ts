import type { DialectName } from '../../server';

/** Goes without saying in a row. */
const USUAL_DIALECT: DialectName = 'exec-server';

/** The dialects that are worth a word. */
export function unusual(dialects: readonly (string | undefined)[]): string[] {
  return dialects.flatMap((dialect = USUAL_DIALECT) => (dialect === USUAL_DIALECT ? [] : dialect));
}
