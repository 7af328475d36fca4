// Usage: node --import tsx scripts/docs/main.ts [--check]
// Writes what is generated in the pages of docs/protocol. With --check it writes nothing, and tells, also by its status,
// what is stale, which examples do not fit the declarations, and what points at a page or heading that is not there.
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { exampleFaults } from './examples';
import { withBlocks } from './generated';
import { readPages, type Page } from './pages';
import { pointerFaults } from './pointers';

async function main(): Promise<void> {
  const pages = readPages();
  const isCheck = process.argv.includes('--check');
  const faults: string[] = [];
  for (const page of pages) {
    const text = await generated(page);
    if (text === page.text) continue;
    if (isCheck) faults.push(`${page.path} is not what the declarations say: run \`npm run docs:protocol\``);
    else writeFileSync(page.path, text);
  }
  if (isCheck) faults.push(...exampleFaults(pages), ...pointerFaults());
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
}

async function generated(page: Page): Promise<string> {
  return format(withBlocks(page), { ...(await resolveConfig(page.path)), filepath: page.path });
}

void main();
