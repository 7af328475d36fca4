#!/usr/bin/env node
// Usage: node scripts/test.mjs [check|unit|wire|clients|agents|editor|package …]
//
// Installs what is missing, builds, and runs the named parts, all of them without a name. Ends with what failed,
// told once more, and one line over all suites: "N passed, N failed, N skipped".
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { addTally, emptyTally } from './host/results.mjs';
import { ensureDependencies, must, ROOT, run } from './lib/prepare.mjs';

const bin = (/** @type {string} */ name) => path.join(ROOT, 'node_modules', name);
const node = process.execPath;
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'exec-server-test-'));
const total = emptyTally();
const FAILURE_LINES = 25;

/** One step that either holds or not, counted like a test. */
async function step(name, args) {
  console.log(`\n— ${name}`);
  const ok = (await run(node, args)) === 0;
  total[ok ? 'passed' : 'failed'] += 1;
  if (!ok) total.failures.push(`${name}: node ${args.join(' ')}`);
}

/** A suite that leaves its counts in a file; one that leaves none has failed. */
async function suite(name, args, env = {}) {
  console.log(`\n— ${name}`);
  const file = path.join(scratch, `${name}.json`);
  const status = await run(node, args, { env: { ...process.env, ...env, TEST_TALLY_FILE: file } });
  const tally = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : emptyTally();
  if (tally.failed === 0 && (status !== 0 || tally.passed === 0)) {
    tally.failed = 1;
    tally.failures.push(`status ${status}, ${tally.passed} passed`);
  }
  tally.failures = tally.failures.map((/** @type {string} */ failure) => `${name}: ${failure}`);
  addTally(total, tally);
}

const mocha = (/** @type {string} */ glob) => [
  bin('mocha/bin/mocha.js'),
  '--reporter',
  'test/support/reporter.cjs',
  glob,
];

const parts = {
  check: async () => {
    await step('format', [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']);
    await step('lint', [bin('eslint/bin/eslint.js'), '--max-warnings', '0', '.']);
    await step('docs', ['--import', 'tsx', 'scripts/docs/main.ts', '--check']);
    await step('types', [bin('typescript/bin/tsc'), '--noEmit', '-p', '.']);
  },
  unit: () => suite('unit', mocha('test/unit/**/*.test.ts')),
  wire: () => suite('wire', mocha('test/wire/**/*.test.ts')),
  clients: () => suite('clients', mocha('test/clients/**/*.test.ts')),
  agents: () => suite('agents', ['test/agents/run.mjs']),
  editor: async () => {
    await suite('editor', ['test/editor/run.mjs']);
    await suite('window', mocha('test/window/**/*.test.ts'));
  },
  package: () => suite('package', ['test/package/run.mjs']),
};

try {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in parts));
  if (unknown.length > 0)
    throw new Error(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
  await ensureDependencies();
  await must(node, ['scripts/build.mjs', '--tests']);
  for (const name of wanted.length > 0 ? wanted : Object.keys(parts)) await parts[name]();
  for (const failure of total.failures) {
    console.log(`\nFAILED ${failure.split('\n').slice(0, FAILURE_LINES).join('\n')}`);
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  fs.rmSync(scratch, { recursive: true, force: true });
}
