#!/usr/bin/env node
// Usage: node scripts/conformance.mjs [FILE …]
// Runs the wire suite (or some of its files) on this server and on the reference, the pinned Codex CLI: `codex
// exec-server`, and `codex app-server` for its own page. Prints what became of every case on both, by page of
// docs/protocol, and the sums, as Markdown. WIRE_SLOW=1 adds the cases that wait out a time limit. The status is 0
// when nothing failed, 1 when a case failed on this server, and 2 when one failed on the reference only: what it
// says is not true then.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureDependencies, must, ROOT, run } from './lib/prepare.mjs';
import { CODEX_VERSION, ensureCodex } from './install-codex.mjs';

/** @typedef {{ title: string, fullTitle: string, err: { message?: string } }} Test as mocha reports it */
/** @typedef {Map<string, { title: string, text: string }>} Outcomes by the full title; `text` as the table has it */

const SKIPPED = / \[skipped: (.*)\]$/;
const KINDS = ['passed', 'FAILED', 'skipped'];
const wanted = process.argv.slice(2);
const files = wanted.length > 0 ? wanted : ['test/wire/**/*.test.ts'];
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'exec-server-conformance-'));

/** @returns {Promise<Outcomes>} */
async function results(/** @type {string} */ name, /** @type {Record<string, string>} */ env) {
  console.error(`running the wire suite on ${name} …`);
  const output = path.join(scratch, 'results.json');
  fs.rmSync(output, { force: true });
  const args = ['--reporter', 'json', '--reporter-option', `output=${output}`, ...files];
  await run(process.execPath, [path.join(ROOT, 'node_modules/mocha/bin/mocha.js'), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (!fs.existsSync(output)) throw new Error(`the wire suite did not come to its end on ${name}`);
  /** @type {{ tests: Test[] }} */
  const { tests } = JSON.parse(fs.readFileSync(output, 'utf8'));
  if (tests.length === 0) throw new Error(`no cases in ${files.join(', ')}`);
  return new Map(tests.map((test) => [test.fullTitle.replace(SKIPPED, ''), outcome(test)]));
}

function outcome(/** @type {Test} */ { title, err }) {
  const [, reason] = SKIPPED.exec(title) ?? [];
  if (reason !== undefined) return { title: title.replace(SKIPPED, ''), text: `skipped: ${reason}` };
  return { title, text: err.message === undefined ? 'passed' : `FAILED: ${err.message.split('\n')[0]}` };
}

/** `start` of `start: …`. */
const pageOf = (/** @type {string} */ title) => /^([\w-]+): /.exec(title)?.[1] ?? 'none';
const row = (/** @type {string[]} */ ...cells) =>
  console.log(`| ${cells.map((cell) => cell.replace(/[|\n]/g, ' ')).join(' | ')} |`);
const head = (/** @type {string[]} */ ...cells) => {
  row(...cells);
  row(...cells.map(() => '---'));
};

/** `12 passed, 1 FAILED, 3 skipped` of a page, or of all. */
function sum(/** @type {Outcomes} */ outcomes, /** @type {string | undefined} */ page) {
  const texts = [...outcomes.values()]
    .filter(({ title }) => page === undefined || pageOf(title) === page)
    .map(({ text }) => text);
  return KINDS.map((kind) => [texts.filter((text) => text.startsWith(kind)).length, kind])
    .filter(([count, kind]) => count || kind === 'passed')
    .map((pair) => pair.join(' '))
    .join(', ');
}

const failures = (/** @type {Outcomes} */ outcomes) =>
  [...outcomes.values()].filter(({ text }) => text.startsWith('FAILED')).length;

try {
  await ensureDependencies();
  await must(process.execPath, ['scripts/build.mjs']);
  const program = await ensureCodex();
  const ours = await results('this server', {});
  const reference = await results('the reference', { WIRE_SERVER: 'reference', CODEX_BIN: program });
  const cases = new Map([...ours, ...reference]);
  const pages = [...new Set([...cases.values()].map(({ title }) => pageOf(title)))].sort();
  const both = ['this server', `codex ${CODEX_VERSION}`];

  head('case', ...both);
  for (const page of pages)
    for (const [key, { title }] of cases)
      if (pageOf(title) === page)
        row(title, ours.get(key)?.text ?? 'not run', reference.get(key)?.text ?? 'not run');
  console.log('');
  head('page', ...both);
  for (const page of pages) row(page, sum(ours, page), sum(reference, page));
  row('all', sum(ours), sum(reference));
  process.exitCode = failures(ours) > 0 ? 1 : failures(reference) > 0 ? 2 : 0;
} finally {
  fs.rmSync(scratch, { recursive: true, force: true });
}
