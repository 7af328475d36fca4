// An extension by somebody else: the examples of docs/EXTENSION_AUTHORS.md, compiled against the published types.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../../scripts/lib/prepare.mjs';

/** Named as an installed one. */
const FOLDER = path.join(ROOT, 'out/example.author-1.0.0');
const COMPILER = {
  strict: true,
  noEmit: true,
  module: 'preserve',
  target: 'es2022',
  lib: ['es2023', 'dom'],
  types: ['node'],
  typeRoots: [path.join(ROOT, 'node_modules/@types')],
  skipLibCheck: true,
  // As the package's "exports" say.
  paths: {
    'vscode-exec-server/extension': [path.join(ROOT, 'src/agents/api.ts')],
    vscode: [path.join(ROOT, 'node_modules/@types/vscode/index.d.ts')],
  },
};
const MANIFEST = {
  name: 'author',
  publisher: 'example',
  version: '1.0.0',
  engines: { vscode: '^1.105.0' },
  main: './extension.js',
  activationEvents: [],
  extensionDependencies: ['exec-server.vscode-exec-server'],
};

/** Throws what the compiler says of an example that does not fit. @returns {Promise<string>} the extension's folder */
export async function buildAuthor() {
  const guide = fs.readFileSync(path.join(ROOT, 'docs/EXTENSION_AUTHORS.md'), 'utf8');
  const examples = [...guide.matchAll(/```ts\n\/\/ (\w+)\.ts\n([^]*?)```/g)];
  if (examples.length === 0) throw new Error('the guide has no examples');
  fs.rmSync(FOLDER, { recursive: true, force: true });
  fs.mkdirSync(path.join(FOLDER, 'src'), { recursive: true });
  for (const [, name, code] of examples) fs.writeFileSync(path.join(FOLDER, `src/${name}.ts`), code ?? '');
  const main = [
    ...examples.map(([, name]) => `import * as ${name} from './${name}';`),
    `export const activate = () => ({ ${examples.map(([, name]) => name).join(', ')} });`,
  ];
  fs.writeFileSync(path.join(FOLDER, 'src/extension.ts'), main.join('\n'));
  fs.writeFileSync(path.join(FOLDER, 'package.json'), JSON.stringify(MANIFEST));
  const config = path.join(FOLDER, 'tsconfig.json');
  fs.writeFileSync(config, JSON.stringify({ compilerOptions: COMPILER, include: ['src'] }));
  execFileSync(process.execPath, [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', config], {
    stdio: 'inherit',
  });
  await build({
    entryPoints: [path.join(FOLDER, 'src/extension.ts')],
    outfile: path.join(FOLDER, 'extension.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
    logLevel: 'warning',
  });
  return FOLDER;
}
