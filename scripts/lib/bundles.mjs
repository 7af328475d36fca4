// What is bundled from what, and how.
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './prepare.mjs';

const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

/** Folders and files of src that are loaded when they are first needed, and the bundles beside the others that they are in. */
const APART = {
  'agents/mcp': './mcp.js',
  screen: './screen.js',
  doors: './doors.js',
  'cli/attach': './attach.js',
  'cli/serveBy': './serve.js',
};

/** `import('./mcp')` loads its bundle instead of being a part of everyone's. @type {import('esbuild').Plugin} */
const apart = {
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ kind, path: name, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const folder = path
        .relative(path.join(ROOT, 'src'), path.resolve(resolveDir, name))
        .replaceAll('\\', '/');
      const bundle = APART[/** @type {keyof typeof APART} */ (folder)];
      return bundle && { path: bundle, external: true };
    });
  },
};

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
  // As require(): the other way loads Node's second loader for nothing.
  supported: { 'dynamic-import': false },
  plugins: [apart],
  // Both find their binaries relative to their own folders, so they are shipped beside the bundles.
  external: ['vscode', 'koffi', 'node-pty', 'node-pty/*'],
  // Its other form loads its parts in a way that no bundler sees.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  // The sweeper lies beside the bundles.
  define: { EXEC_SERVER_VERSION: JSON.stringify(version), EXEC_SERVER_SWEEPER: '"sweep.js"' },
};

/** What ships, in the extension and in the library's package. @type {import('esbuild').BuildOptions[]} */
export const products = [
  { ...common, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js' },
  { ...common, entryPoints: ['src/sweep.ts'], outfile: 'dist/sweep.js' },
  { ...common, entryPoints: ['src/lookUp.ts'], outfile: 'dist/lookUp.js' },
  { ...common, entryPoints: ['src/screenThread.ts'], outfile: 'dist/screen.js' },
  { ...common, entryPoints: ['src/askpass.ts'], outfile: 'dist/askpass.js' },
  // Sent to other machines as text.
  { ...common, entryPoints: ['src/far.ts'], outfile: 'dist/far.js' },
  { ...common, entryPoints: ['src/doors.ts'], outfile: 'dist/doors.js' },
  { ...common, entryPoints: ['src/agents/mcp/index.ts'], outfile: 'dist/mcp.js' },
  { ...common, entryPoints: ['src/cli/attach.ts'], outfile: 'dist/attach.js' },
  { ...common, entryPoints: ['src/cli/serveBy.ts'], outfile: 'dist/serve.js' },
  {
    ...common,
    entryPoints: ['src/cli.ts'],
    outfile: 'dist/cli.js',
    banner: { js: '#!/usr/bin/env node' },
  },
];

/**
 * Unlike the extension, a library has its dependencies beside it: whoever installs it gets them once.
 * @type {import('esbuild').BuildOptions}
 */
export const library = {
  ...common,
  packages: 'external',
  define: { ...common.define, EXEC_SERVER_SWEEPER: '"../sweep.js"' },
  sourcemap: false,
  entryPoints: ['src/index.ts'],
  outfile: 'dist/lib/index.js',
};

/** For suites that run inside an editor; mocha finds its parts at run time. @type {import('esbuild').BuildOptions} */
export const testBundle = { ...common, external: [...(common.external ?? []), 'mocha'] };

/** @type {import('esbuild').BuildOptions} */
export const tests = {
  ...testBundle,
  entryPoints: {
    editor: 'test/editor/index.ts',
    untrusted: 'test/editor/untrusted/index.ts',
    package: 'test/package/suite.ts',
    bench: 'test/bench/editor/host.ts',
    pane: 'test/bench/editor/pane.ts',
  },
  outdir: 'out/tests',
};
