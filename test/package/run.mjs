#!/usr/bin/env node
// Packs the VSIX, looks at its size and content, installs it into a fresh editor and runs the smoke suite against it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { must, ROOT } from '../../scripts/lib/prepare.mjs';
import { addTally, emptyTally, report, tallyOf, writeTally } from '../../scripts/host/results.mjs';
import { testInEditor } from '../../scripts/host/test-in-editor.mjs';

const LIMIT_BYTES = 3_000_000;
const PLATFORMS = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-arm64', 'win32-x64'];
const vsix = path.join(ROOT, 'exec-server.vsix');
const tally = emptyTally();

/** Counts and prints one statement about the package. */
async function check(title, statement) {
  try {
    await statement();
    tally.passed += 1;
    console.log(`  ✔ ${title}`);
  } catch (error) {
    const failure = `${title}\n${error instanceof Error ? error.message : error}`;
    tally.failed += 1;
    tally.failures.push(failure);
    console.log(`  ✘ ${failure}`);
  }
}

await must('npm', ['run', 'package', '--', '--out', vsix]);
const entries = execFileSync(process.execPath, ['node_modules/@vscode/vsce/vsce', 'ls'], {
  encoding: 'utf8',
}).split('\n');

await check(`the VSIX is under ${LIMIT_BYTES} bytes`, () => {
  const { size } = fs.statSync(vsix);
  assert.ok(size < LIMIT_BYTES, `it has ${size} bytes`);
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

// Installed in a fresh editor, where the suite is all that is loaded from here.
const verdict = await testInEditor({
  vsix,
  tests: path.join(ROOT, 'out/tests/package.js'),
  artifacts: path.join(ROOT, 'out/package'),
});
report(verdict);
addTally(tally, tallyOf(verdict));
const ok = verdict.ok && tally.failed === 0;

writeTally(tally);
process.exit(ok ? 0 : 1);
