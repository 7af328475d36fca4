// Usage: node --import tsx scripts/docs/main.ts [--check]
// Writes docs/WIRE.md from the declarations; with --check only tells, by its status, whether the file is as it should be.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { page } from './page';

async function main(): Promise<void> {
  const path = resolve('docs/WIRE.md');
  const text = await format(page(), { ...(await resolveConfig(path)), filepath: path });
  if (!process.argv.includes('--check')) writeFileSync(path, text);
  if (readFileSync(path, 'utf8') === text) return;
  console.error('docs/WIRE.md is not what the declarations say: run `npm run docs:wire`');
  process.exitCode = 1;
}

void main();
