#!/usr/bin/env node
// Packs the VSIX and the library, looks at their sizes, content and licences, rehearses a release, installs the VSIX into
// a fresh editor and runs the smoke suite against it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { section } from '../../scripts/lib/changelog.mjs';
import { must, ROOT, run } from '../../scripts/lib/prepare.mjs';
import { report, resultsOf, writeResults } from '../../scripts/host/results.mjs';
import { testInEditor } from '../../scripts/host/test-in-editor.mjs';
import { bundledBySourceMaps, licenceOf } from './bundled.mjs';

/** The most that each may have, in bytes. Who needs more raises it here, and says why in the commit. */
const BUDGETS = {
  // The tools for models, discovery and connecting of agents, sandboxes, what waits for a human, other machines and their ports.
  'dist/extension.js': 710_000,
  // Chooses one of the next three.
  'dist/cli.js': 9_000,
  'dist/attach.js': 20_000,
  'dist/serve.js': 510_000,
  // What an agent's configuration starts when it cannot reach a window by itself.
  'dist/doors.js': 170_000,
  // The maintained SDK of the Model Context Protocol with its validator, loaded at the first request.
  'dist/mcp.js': 520_000,
  // Placeholders of sandboxes are swept too, and what tells them brings the decoder of policies with it.
  'dist/sweep.js': 45_000,
  'dist/lookUp.js': 8_000,
  'dist/far.js': 8_000,
  'dist/askpass.js': 2_000,
  // A terminal that nobody looks at, loaded when one is opened late or a model asks what it shows.
  'dist/screen.js': 260_000,
  'dist/lib/index.js': 730_000,
  'exec-server.vsix': 3_400_000,
};
/** Of the library as npm packs it, without its dependencies. */
const LIBRARY_BYTES = 820_000;
const PLATFORMS = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-arm64', 'win32-x64'];
const NOTICES = 'dist/THIRD_PARTY_NOTICES.txt';
const vsix = path.join(ROOT, 'exec-server.vsix');
/** @type {import('../../scripts/host/results.mjs').Result[]} */
const results = [];

/** Counts and prints one statement about the package. */
async function check(title, statement) {
  try {
    await statement();
    results.push({ title, state: 'passed' });
    console.log(`  ✔ ${title}`);
  } catch (error) {
    const words = String(error instanceof Error ? error.message : error);
    results.push({ title, state: 'failed', error: words });
    console.log(`  ✘ ${title}\n${words}`);
  }
}

const bundles = Object.keys(BUDGETS).filter((name) => /^dist\/\w+\.js$/.test(name));
const output = (/** @type {string} */ program, /** @type {string[]} */ ...args) =>
  execFileSync(program, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

await must(process.execPath, ['scripts/build.mjs', '--library', '--tests']);
await must(process.execPath, ['scripts/package.mjs', '--out', vsix]);
const entries = output(process.execPath, 'node_modules/@vscode/vsce/vsce', 'ls').split('\n');
const [library] = JSON.parse(output('npm', 'pack', '--dry-run', '--json'));
const libraryFiles = library.files.map((/** @type {{ path: string }} */ file) => file.path);

for (const [name, budget] of Object.entries(BUDGETS)) {
  await check(`${name} is within ${budget} bytes`, () => {
    const { size } = fs.statSync(path.join(ROOT, name));
    assert.ok(size <= budget, `it has ${size} bytes`);
  });
}
await check(`the library's package is within ${LIBRARY_BYTES} bytes`, () => {
  assert.ok(library.size <= LIBRARY_BYTES, `it has ${library.size} bytes`);
});
await check('it carries the terminal binaries of six platforms', () => {
  for (const platform of PLATFORMS) {
    assert.ok(
      entries.some((entry) => entry.includes(`prebuilds/${platform}/`) && entry.endsWith('.node')),
      platform,
    );
  }
});
await check('it carries what starts programs on Linux, with glibc and with musl', () => {
  for (const system of ['linux_x64', 'linux_arm64', 'musl_x64', 'musl_arm64']) {
    assert.ok(entries.includes(`node_modules/koffi/build/koffi/${system}/koffi.node`), system);
  }
});
await check('it carries no sources, tests or maps', () => {
  assert.deepEqual(
    entries.filter((entry) => /^(src|test|scripts)\/|\.(ts|map|pdb)$/.test(entry)),
    [],
  );
});
await check('both packages carry the licences of all that is bundled, word for word', () => {
  const text = fs.readFileSync(path.join(ROOT, NOTICES), 'utf8');
  const packages = bundledBySourceMaps(bundles);
  assert.ok(packages.length > 0, 'something is bundled');
  for (const folder of packages) assert.ok(text.includes(licenceOf(folder)), folder);
  for (const files of [entries, libraryFiles])
    for (const file of [NOTICES, 'LICENSE']) assert.ok(files.includes(file), `${file} is missing`);
  for (const file of ['node_modules/koffi/LICENSE.txt', 'node_modules/node-pty/LICENSE'])
    assert.ok(entries.includes(file), `${file} is missing`);
});
await check('a release can be rehearsed, with one platform as an example', async () => {
  const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  const next = version.replace(/\d+$/, (/** @type {string} */ patch) => String(Number(patch) + 1));
  const changes = section(fs.readFileSync(path.join(ROOT, 'CHANGELOG.md'), 'utf8'), '## [Unreleased]');
  if (changes === '') return console.log('    (skipped: there is nothing to release)');
  if (output('git', 'status', '--porcelain') !== '')
    return console.log('    (skipped: a release needs a working tree without changes)');
  const args = ['scripts/release.mjs', next, '--dry-run', '--only', 'linux-x64'];
  // A machine of CI may not know who it is.
  const who = { NAME: 'rehearsal', EMAIL: 'rehearsal@localhost' };
  const env = { ...process.env };
  for (const [key, value] of Object.entries(who))
    for (const role of ['AUTHOR', 'COMMITTER']) env[`GIT_${role}_${key}`] ??= value;
  assert.equal(await run(process.execPath, args, { env }), 0);
});

// Installed in a fresh editor, where the suite is all that is loaded from here.
const verdict = await testInEditor({
  vsix,
  tests: path.join(ROOT, 'out/tests/package.js'),
  artifacts: path.join(ROOT, 'out/package'),
});
report(verdict);
results.push(...resultsOf(verdict));

writeResults(results);
process.exit(results.some(({ state }) => state === 'failed') ? 1 : 0);
