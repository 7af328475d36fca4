#!/usr/bin/env node
// Usage: node scripts/soak.mjs [RUNS]
// The long form of the no-loss tests: 64 MiB through a pipe and a terminal, fast and slow reader, RUNS times each (100).
import { ensureDependencies, must, run } from './lib/prepare.mjs';

await ensureDependencies();
await must(process.execPath, ['scripts/build.mjs']);
const env = { ...process.env, SOAK_RUNS: process.argv[2] ?? '100' };
const mocha = ['node_modules/mocha/bin/mocha.js', '--timeout', '0', 'test/wire/noLoss.test.ts'];
process.exitCode = await run(process.execPath, mocha, { env });
