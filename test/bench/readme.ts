/** Puts the table where people read it. */
import { readFileSync, writeFileSync } from 'node:fs';

const README = new URL('../../README.md', import.meta.url);
const [FROM, TO] = ['<!-- npm run bench -- --readme -->', '<!-- end of the table -->'];

/** Replaces what stands between the two marks. Throws an Error where they are missing. */
export function writeReadme(table: string): void {
  const text = readFileSync(README, 'utf8');
  const [start, end] = [text.indexOf(FROM), text.indexOf(TO)];
  if (start < 0 || end < start) throw new Error(`README.md has no "${FROM}" with a "${TO}" after it`);
  writeFileSync(README, `${text.slice(0, start)}${FROM}\n\n${table}\n\n${text.slice(end)}`);
}
