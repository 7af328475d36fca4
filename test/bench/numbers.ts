/** Puts the tables where people read them. */
import { readFileSync, writeFileSync } from 'node:fs';

const PAGE = new URL('../../docs/NUMBERS.md', import.meta.url);
const TO = '<!-- end of the table -->';

/**
 * Replaces the table that stands behind the command which makes it.
 *
 * @param args of `npm run bench`
 * @throws Error where it is not there
 */
export function writeNumbers(args: string, table: string): void {
  const from = `<!-- npm run bench -- ${args} -->`;
  const text = readFileSync(PAGE, 'utf8');
  const start = text.indexOf(from);
  const end = text.indexOf(TO, start);
  if (start < 0 || end < 0) throw new Error(`docs/NUMBERS.md has no "${from}" with a "${TO}" after it`);
  writeFileSync(PAGE, `${text.slice(0, start)}${from}\n\n${table}\n\n${text.slice(end)}`);
}
