#!/usr/bin/env node
// Usage: node scripts/coverage.mjs [unit|wire|clients … | FILE …]
// Which lines of src/ the tests run, in this process, in the servers that they start and in all other children: a table,
// and every line in coverage/index.html. Without a name all three parts. The suites inside an editor are not counted, nor
// is a process that is killed.
import { CoverageReport } from 'monocart-coverage-reports';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDependencies, must, ROOT, run } from './lib/prepare.mjs';

const PARTS = ['unit', 'wire', 'clients'];
const OUT = path.join(ROOT, 'coverage');
/** What V8 has counted, a file for each process. */
const RAW = path.join(ROOT, 'out/coverage');

const wanted = process.argv.slice(2);
const files = (wanted.length > 0 ? wanted : PARTS).map((name) =>
  PARTS.includes(name) ? `test/${name}/**/*.test.ts` : name,
);
await ensureDependencies();
// Minified code has one line, and what is folded away in it for another platform would count as run.
await must(process.execPath, ['scripts/build.mjs', '--plain', '--library']);
for (const folder of [OUT, RAW]) fs.rmSync(folder, { recursive: true, force: true });
const status = await run(process.execPath, ['node_modules/mocha/bin/mocha.js', ...files], {
  env: { ...process.env, NODE_V8_COVERAGE: RAW },
});

const own = pathToFileURL(`${ROOT}${path.sep}`).href;
const report = new CoverageReport({
  name: 'Exec Server',
  outputDir: OUT,
  reports: ['v8', 'console-details'],
  // The sources as tsx runs them, and the bundles, each mapped back to the sources that it is made of.
  entryFilter: ({ url }) => url.startsWith(`${own}src/`) || url.startsWith(`${own}dist/`),
  sourceFilter: (/** @type {string} */ file) => file.startsWith('src/'),
  sourcePath: (/** @type {string} */ file) => file.replace(/^.*?(?=src\/)/, ''),
  all: { dir: ['src'] },
});
await report.addFromDir(RAW);
await report.generate();
process.exitCode = status;
