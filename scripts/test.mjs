#!/usr/bin/env node
// Usage: node scripts/test.mjs [check|unit|wire|mcp|clients|engines|agents|editor|window|package … | FILE …]
//
// Installs what is missing, builds, and runs the named parts or just these test files; all parts without a name. Ends
// with what failed, told once more, and one line over all suites: "N passed, N failed, N skipped".
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureDependencies, must, ROOT } from './lib/prepare.mjs';
import { Suites } from './lib/suites.mjs';

const bin = (/** @type {string} */ name) => path.join(ROOT, 'node_modules', name);
const node = process.execPath;
const wanted = process.argv.slice(2);
const suites = new Suites();
const mocha = (/** @type {string[]} */ ...files) => [
  bin('mocha/bin/mocha.js'),
  '--reporter',
  'test/support/reporter.cjs',
  ...files,
];

const parts = {
  check: async () => {
    await suites.step('format', [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']);
    await suites.step('lint', [bin('eslint/bin/eslint.js'), '--max-warnings', '0', '.']);
    await suites.step('docs', ['--import', 'tsx', 'scripts/docs/main.ts', '--check']);
    await suites.step('tools', ['--import', 'tsx', 'scripts/docs/tools.ts', '--check']);
    await suites.step('types', [bin('typescript/bin/tsc'), '-b', 'tsconfig.test.json']);
    await suites.step('dead code', [bin('knip/bin/knip.js'), '--no-progress']);
    await suites.step('library API', ['scripts/api.mjs', '--check']);
  },
  unit: () => suites.suite('unit', mocha('test/unit/**/*.test.ts')),
  wire: () => suites.suite('wire', mocha('test/wire/**/*.test.ts')),
  mcp: () => suites.suite('mcp', mocha('test/mcp/**/*.test.ts')),
  clients: () => suites.suite('clients', mocha('test/clients/**/*.test.ts')),
  engines: () => suites.suite('engines', mocha('test/engines/**/*.test.ts')),
  agents: () => suites.suite('agents', ['test/agents/run.mjs']),
  editor: () => suites.suite('editor', ['test/editor/run.mjs']),
  window: () => suites.suite('window', mocha('test/window/**/*.test.ts')),
  package: () => suites.suite('package', ['test/package/run.mjs']),
};

/**
 * What a run of everything has at work at once: most of the time each waits. Browsers, which do not, are on one side, and
 * both sides take as long.
 */
const LANES = [
  [parts.editor, parts.window, parts.check, parts.engines, parts.mcp],
  [parts.unit, parts.wire, parts.agents, parts.clients],
];

/** A test file by its path below the project's folder, undefined if it is none. */
function testFile(/** @type {string} */ name) {
  const file = path.relative(ROOT, path.resolve(name));
  return /^test[/\\].*\.test\.ts$/.test(file) && fs.existsSync(path.join(ROOT, file)) ? file : undefined;
}

/** Runs just these files: those of the editor in an editor, all others by one mocha. */
async function runFiles(/** @type {string[]} */ files) {
  const inEditor = files.filter((file) => file.startsWith(path.join('test', 'editor')));
  const others = files.filter((file) => !inEditor.includes(file));
  if (others.length > 0) await suites.suite('files', mocha(...others));
  if (inEditor.length > 0) await suites.suite('editor', ['test/editor/run.mjs', ...inEditor]);
}

try {
  const unknown = wanted.filter((name) => !(name in parts) && testFile(name) === undefined);
  if (unknown.length > 0) {
    const names = Object.keys(parts).join(', ');
    throw new Error(`neither a part (${names}) nor a file test/**/*.test.ts: ${unknown.join(', ')}`);
  }
  const files = wanted.map(testFile).filter((file) => file !== undefined);
  const names = wanted.filter((name) => name in parts);
  await ensureDependencies();
  const isFilesAlone = files.length > 0 && names.length === 0;
  const isOfLibrary = files.some((file) => file.startsWith(path.join('test', 'clients')));
  const more = isFilesAlone ? (isOfLibrary ? ['--library'] : []) : ['--library', '--tests'];
  await must(node, ['scripts/build.mjs', ...more]);
  if (wanted.length > 0) {
    for (const name of names) await parts[name]();
    if (files.length > 0) await runFiles(files);
  } else {
    await suites.sideBySide(os.availableParallelism() > 1 ? LANES : [LANES.flat()]);
    // Machines that run everything are shared with others; what passes only now is told.
    await suites.tryAgain();
    // It builds anew what the others use.
    await parts.package();
  }
  process.exitCode = suites.report() ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  suites.clear();
}
