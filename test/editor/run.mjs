#!/usr/bin/env node
// The editor suites inside real extension hosts, beside a real workbench in a real browser: all of them, or just the
// test files that are named.
import { build } from 'esbuild';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/prepare.mjs';
import { testBundle } from '../../scripts/lib/bundles.mjs';
import { report, resultsOf, writeResults } from '../../scripts/host/results.mjs';
import { testInEditor } from '../../scripts/host/test-in-editor.mjs';
import { buildAuthor } from './author/build.mjs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'exec-server-editor-'));
/** For one window with all its tests, on a loaded machine. */
const PATIENCE_MS = 1_800_000;
/** @type {import('../../scripts/host/results.mjs').Result[]} */
const results = [];

/** One window with its own profile, and what became of it. */
async function runWindow(name, options = {}) {
  const verdict = await testInEditor({
    extension: ROOT,
    tests: path.join(ROOT, `out/tests/${name}.js`),
    artifacts: path.join(ROOT, `out/${name}`),
    timeoutMs: PATIENCE_MS,
    ...options,
  });
  report(verdict);
  results.push(...resultsOf(verdict));
}

const trusted = {
  // An extension by somebody else, made of the examples of the guide.
  beside: await buildAuthor(),
  env: { EXEC_SERVER_CONNECTION_FILE: path.join(scratch, 'connection.json') },
};

/** Bundles these files alone, and runs them in one window. */
async function runChosen(name, files, options) {
  if (files.length === 0) return;
  const contents = [
    "import { runSuites } from './host/runSuites';",
    'export const run = () => runSuites(async () => {',
    ...files.map((file) => `  await import(${JSON.stringify(path.resolve(ROOT, file))});`),
    '});',
  ].join('\n');
  const stdin = { contents, resolveDir: path.join(ROOT, 'test/editor'), loader: 'ts' };
  await build({ ...testBundle, stdin, outfile: path.join(ROOT, `out/tests/${name}.js`) });
  await runWindow(name, options);
}

const files = process.argv.slice(2);
if (files.length > 0) {
  const restricted = files.filter((file) => file.startsWith(path.join('test', 'editor', 'untrusted')));
  const others = files.filter((file) => !restricted.includes(file));
  await runChosen('chosen', others, trusted);
  await runChosen('chosen-untrusted', restricted, { restricted: true });
} else {
  await runWindow('editor', trusted);
  await runWindow('untrusted', { restricted: true });
}
fs.rmSync(scratch, { recursive: true, force: true });
writeResults(results);
process.exit(results.some(({ state }) => state === 'failed') ? 1 : 0);
