#!/usr/bin/env node
// Usage: node scripts/api.mjs [--check]
// Writes what the library promises to TypeScript, every exported type with all that it is made of, to
// docs/api/library.api.md: a change of it is a change of the contract, and shows in a review. With --check only compares.
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './lib/prepare.mjs';

const isCheck = process.argv.includes('--check');
// Not below node_modules, where everything counts as somebody else's.
const declarations = path.join(ROOT, 'out/api');
const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.lib.json', '--outDir', declarations];
fs.rmSync(declarations, { recursive: true, force: true });
execFileSync(process.execPath, tsc, { cwd: ROOT, stdio: 'inherit' });

const config = ExtractorConfig.prepare({
  configObjectFullPath: path.join(ROOT, 'api-extractor.json'),
  packageJsonFullPath: path.join(ROOT, 'package.json'),
  configObject: {
    projectFolder: ROOT,
    mainEntryPointFilePath: path.join(declarations, 'index.d.ts'),
    compiler: {
      overrideTsconfig: {
        compilerOptions: {
          target: 'es2022',
          lib: ['es2023', 'esnext.disposable'],
          module: 'preserve',
          moduleResolution: 'bundler',
          types: ['node'],
          strict: true,
          skipLibCheck: true,
        },
        files: [path.join(declarations, 'index.d.ts')],
      },
    },
    apiReport: {
      enabled: true,
      reportFileName: 'library',
      reportFolder: path.join(ROOT, 'docs/api'),
      reportTempFolder: path.join(declarations, 'report'),
      includeForgottenExports: true,
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    newlineKind: 'lf',
    messages: {
      extractorMessageReporting: {
        // Types that exported ones are made of are in the report as well; nobody has to import them.
        'ae-forgotten-export': { logLevel: 'none' },
        'ae-missing-release-tag': { logLevel: 'none' },
        'ae-undocumented': { logLevel: 'none' },
        default: { logLevel: 'warning' },
      },
      tsdocMessageReporting: { default: { logLevel: 'none' } },
    },
  },
});
const { succeeded, apiReportChanged } = Extractor.invoke(config, {
  localBuild: !isCheck,
  showVerboseMessages: false,
  messageCallback: (message) => {
    // It tells on each run which TypeScript it carries; what it says of ours is told below.
    if (message.logLevel === 'error' || message.logLevel === 'warning') return;
    message.handled = true;
  },
});
if (isCheck && apiReportChanged) {
  console.error('The library exports other types than docs/api/library.api.md says.');
  console.error('If that is meant, run "npm run docs:api", look at the change, and commit it with yours.');
}
process.exitCode = succeeded ? 0 : 1;
