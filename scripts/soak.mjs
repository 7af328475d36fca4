#!/usr/bin/env node
// Usage: node scripts/soak.mjs [RUNS [FRAMES [SEED [CUTS]]]]
// The long form of three suites: 64 MiB through a pipe and a terminal, fast and slow reader, RUNS times each (100);
// FRAMES random frames (100000) from a SEED, which is another each time, printed with the result; and 64 MiB for a
// client whose connection is cut CUTS times (1000).
import { ensureDependencies, must, run } from './lib/prepare.mjs';

const [runs = '100', frames = '100000', seed = String(Date.now() % 2 ** 31), cuts = '1000'] =
  process.argv.slice(2);
await ensureDependencies();
await must(process.execPath, ['scripts/build.mjs']);
const env = { ...process.env, SOAK_RUNS: runs, FUZZ_FRAMES: frames, FUZZ_SEED: seed, SOAK_CUTS: cuts };
const mocha = ['node_modules/mocha/bin/mocha.js', '--timeout', '0'];
process.exitCode = await run(
  process.execPath,
  [...mocha, 'test/wire/fuzz.test.ts', 'test/wire/noLoss.test.ts', 'test/clients/resume.test.ts'],
  { env },
);
