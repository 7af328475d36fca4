#!/usr/bin/env node
// Usage: node scripts/build.mjs [--library] [--tests] [--plain] [--watch]
// Bundles the extension and the command line into dist/, with the licences of what is bundled; with --library also the
// library and its types into dist/lib/, with --tests also the editor suites into out/. --plain leaves names and lines as
// they are written, for coverage and debuggers. --watch builds plainly, again after each change, until it is ended.
import { build, context } from 'esbuild';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { library, products, tests } from './lib/bundles.mjs';
import { writeNotices } from './lib/notices.mjs';
import { ROOT } from './lib/prepare.mjs';

const flags = new Set(process.argv.slice(2));
const watches = flags.has('--watch');
const minify = !watches && !flags.has('--plain');
const cli = path.join(ROOT, 'dist/cli.js');

/** One bundle after the other counts as the same round, in ms. */
const ROUND_MS = 300;
let building = 0;
let failures = 0;
/** @type {NodeJS.Timeout | undefined} */
let ending;

/** Tells the editor's task when a round of all bundles begins and ends; errors are printed in between. @type {import('esbuild').Plugin} */
const rounds = {
  name: 'rounds',
  setup({ onStart, onEnd }) {
    onStart(() => {
      if (building++ === 0 && !ending) console.log('[watch] build started');
      clearTimeout(ending);
    });
    onEnd(({ errors }) => {
      failures += errors.length;
      if (--building === 0) ending = setTimeout(roundEnded, ROUND_MS);
    });
  },
};

function roundEnded() {
  ending = undefined;
  if (fs.existsSync(cli)) fs.chmodSync(cli, 0o755);
  console.log(`[watch] build finished, ${failures} errors`);
  failures = 0;
}

fs.rmSync(path.join(ROOT, 'dist'), { recursive: true, force: true });
if (watches) {
  const all = flags.has('--tests') ? [...products, tests] : products;
  const contexts = all.map((options) =>
    context({ ...options, plugins: [...(options.plugins ?? []), rounds] }),
  );
  await Promise.all((await Promise.all(contexts)).map((made) => made.watch()));
} else {
  const results = await Promise.all(
    products.map((options) => build({ ...options, minify, sourcesContent: !minify, metafile: true })),
  );
  writeNotices(results.map(({ metafile }) => metafile));
  fs.chmodSync(cli, 0o755);
  if (flags.has('--library')) {
    await build(library);
    const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.lib.json'];
    execFileSync(process.execPath, tsc, { cwd: ROOT, stdio: 'inherit' });
  }
  if (flags.has('--tests')) await build(tests);
}
