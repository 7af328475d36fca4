#!/usr/bin/env node
// Usage: node scripts/conformance.mjs [FILE …]
// Runs the wire suite (or some of its files) on this server and on the reference, the pinned Codex CLI: `codex
// exec-server`, and `codex app-server` for chapter 15. Prints both results of every case as a Markdown table, and the
// sums. The status is 1 when a case fails on this server.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureDependencies, must, ROOT, run } from './lib/prepare.mjs';
import { CODEX_VERSION, ensureCodex } from './install-codex.mjs';

const SKIPPED = / \[skipped: (.*)\]$/;
const wanted = process.argv.slice(2);
const files = wanted.length > 0 ? wanted : ['test/wire/**/*.test.ts'];
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'exec-server-conformance-'));

/** What became of each case, by its title: `passed`, `FAILED: why` or `skipped: why`. */
async function results(/** @type {string} */ name, /** @type {Record<string, string>} */ env) {
  console.error(`running the wire suite on ${name} …`);
  const output = path.join(scratch, `${name}.json`);
  const args = ['--reporter', 'json', '--reporter-option', `output=${output}`, ...files];
  await run(process.execPath, [path.join(ROOT, 'node_modules/mocha/bin/mocha.js'), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  /** @type {{ tests: { title: string, err: { message?: string } }[] }} */
  const { tests } = JSON.parse(fs.readFileSync(output, 'utf8'));
  return new Map(tests.map(outcome));
}

/** @returns {[string, string]} */
function outcome(/** @type {{ title: string, err: { message?: string } }} */ { title, err }) {
  const [, reason] = SKIPPED.exec(title) ?? [];
  if (reason !== undefined) return [title.replace(SKIPPED, ''), `skipped: ${reason}`];
  return [title, err.message === undefined ? 'passed' : `FAILED: ${err.message.split('\n')[0]}`];
}

const cell = (/** @type {string} */ text) => text.replace(/[|\n]/g, ' ');

function sum(/** @type {string} */ name, /** @type {Map<string, string>} */ outcomes) {
  const count = (/** @type {string} */ start) =>
    [...outcomes.values()].filter((text) => text.startsWith(start)).length;
  const failed = count('FAILED');
  console.log(`${name}: ${count('passed')} passed, ${failed} failed, ${count('skipped')} skipped`);
  return failed;
}

try {
  await ensureDependencies();
  await must(process.execPath, ['scripts/build.mjs']);
  const program = await ensureCodex();
  const ours = await results('ours', {});
  const reference = await results('reference', { WIRE_SERVER: 'reference', CODEX_BIN: program });
  console.log(`| case | ours | codex ${CODEX_VERSION} |\n| --- | --- | --- |`);
  for (const title of new Set([...ours.keys(), ...reference.keys()]))
    console.log(`| ${[title, ours.get(title) ?? '–', reference.get(title) ?? '–'].map(cell).join(' | ')} |`);
  console.log('');
  const failed = sum('ours', ours);
  sum(`codex ${CODEX_VERSION}`, reference);
  process.exitCode = failed > 0 || ours.size === 0 ? 1 : 0;
} finally {
  fs.rmSync(scratch, { recursive: true, force: true });
}
