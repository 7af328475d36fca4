#!/usr/bin/env node
// Usage: node scripts/build.mjs [--library] [--tests]
// Bundles the extension and the command line into dist/, with --library also the library and its types into dist/lib/,
// with --tests also the editor suite into out/.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

const { version } = JSON.parse(fs.readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
  // Both find their binaries relative to their own folders, so they are shipped beside the bundles.
  external: ['vscode', 'koffi', 'node-pty', 'node-pty/*'],
  define: { EXEC_SERVER_VERSION: JSON.stringify(version) },
};

fs.rmSync('dist', { recursive: true, force: true });
await Promise.all([
  build({ ...common, minify: true, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js' }),
  build({ ...common, minify: true, entryPoints: ['src/sweep.ts'], outfile: 'dist/sweep.js' }),
  build({
    ...common,
    minify: true,
    entryPoints: ['src/cli.ts'],
    outfile: 'dist/cli.js',
    banner: { js: '#!/usr/bin/env node' },
  }),
]);
fs.chmodSync('dist/cli.js', 0o755);

if (process.argv.includes('--library')) {
  // Unlike the extension, a library has its dependencies beside it: whoever installs it gets them once.
  const bundle = { packages: 'external', entryPoints: ['src/index.ts'], outfile: 'dist/lib/index.js' };
  await build({ ...common, ...bundle, sourcemap: false });
  const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.lib.json'];
  execFileSync(process.execPath, tsc, { stdio: 'inherit' });
}

if (process.argv.includes('--tests')) {
  await build({
    ...common,
    entryPoints: {
      editor: 'test/editor/index.ts',
      untrusted: 'test/editor/untrusted/index.ts',
      package: 'test/package/suite.ts',
      bench: 'test/bench/editor/host.ts',
    },
    outdir: 'out/tests',
    // mocha finds its parts at run time.
    external: [...common.external, 'mocha'],
  });
}
