#!/usr/bin/env node
// Usage: node scripts/package-library.mjs [--target PLATFORM] [--out FOLDER]
// Packs the library and the command line that have been built, as npm does; with a target (linux-x64, …) with that
// platform's binaries in the package, so that 9 MB are installed in the place of 58.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packFor } from './lib/npmPackage.mjs';
import { must, ROOT } from './lib/prepare.mjs';

const { values } = parseArgs({ options: { target: { type: 'string' }, out: { type: 'string' } } });
const { target, out = ROOT } = values;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'exec-server-npm-'));
try {
  await must('npm', ['pack', '--ignore-scripts', '--pack-destination', target === undefined ? out : folder]);
  if (target !== undefined) await packFor(target, folder, out);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
