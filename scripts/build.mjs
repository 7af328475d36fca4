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

/** Tells the editor's task when a round begins and ends; errors are printed in between. @type {import('esbuild').Plugin} */
const rounds = {
  name: 'rounds',
  setup({ onStart, onEnd }) {
    onStart(() => console.log('[watch] build started'));
    onEnd(({ errors }) => console.log(`[watch] build finished, ${errors.length} errors`));
  },
};

fs.rmSync(path.join(ROOT, 'dist'), { recursive: true, force: true });
if (watches) {
  const all = flags.has('--tests') ? [...products, tests] : products;
  for (const options of all)
    await (await context({ ...options, plugins: [...(options.plugins ?? []), rounds] })).watch();
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
