#!/usr/bin/env node
// Usage: node scripts/trace.mjs [WALK …]
// Runs a start, a chunk of output, a chunk of another machine and a kill for real, in a copy of src/ in which each
// function tells that it was entered. Prints how many functions, files and rooms (folders) each walk passes, and the
// rooms in their order. Without a name all walks.
import fs from 'node:fs';
import path from 'node:path';
import { ensureDependencies, must, ROOT } from './lib/prepare.mjs';
import { instrumented } from './trace/instrumented.mjs';

await ensureDependencies();
// Below the root, where modules find what they depend on.
const copy = path.join(ROOT, 'out/trace');
fs.rmSync(copy, { recursive: true, force: true });
for (const entry of fs.readdirSync(path.join(ROOT, 'src'), { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
  const file = path.relative(path.join(ROOT, 'src'), path.join(entry.parentPath, entry.name));
  const target = path.join(copy, 'src', file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, instrumented(fs.readFileSync(path.join(ROOT, 'src', file), 'utf8'), file));
}
const args = ['--import', 'tsx', 'scripts/trace/walks.ts', path.join(copy, 'src'), ...process.argv.slice(2)];
await must(process.execPath, args);
