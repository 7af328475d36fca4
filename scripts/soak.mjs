#!/usr/bin/env node
// Usage: node scripts/soak.mjs [RUNS [FRAMES [SEED [CUTS [KILLS]]]]]
// The long form of five suites: 64 MiB through a pipe and a terminal, fast and slow reader, RUNS times each (100);
// FRAMES random frames (100000) from a SEED, which is another each time, printed with the result; 64 MiB for a client
// whose connection is cut CUTS times (1000); KILLS servers that die by SIGKILL (30) with processes of all kinds; and 10,000 short processes one after another, which leave nothing behind. Then the figures of `npm run attack`.
import { ensureDependencies, must, run } from './lib/prepare.mjs';

const [runs = '100', frames = '100000', seed = String(Date.now() % 2 ** 31), cuts = '1000', kills = '30'] =
  process.argv.slice(2);
await ensureDependencies();
await must(process.execPath, ['scripts/build.mjs']);
const sizes = {
  SOAK_RUNS: runs,
  SOAK_PROCESSES: '10000',
  SOAK_CUTS: cuts,
  SOAK_KILLS: kills,
  FUZZ_FRAMES: frames,
  FUZZ_SEED: seed,
};
const suites = [...['leftovers', 'fuzz', 'noLoss', 'crash'].map((name) => `wire/${name}`), 'clients/resume'];
const status = await run(
  process.execPath,
  ['node_modules/mocha/bin/mocha.js', '--timeout', '0', ...suites.map((name) => `test/${name}.test.ts`)],
  { env: { ...process.env, ...sizes } },
);
const attacked = await run(process.execPath, ['--import', 'tsx', 'scripts/attack.mjs']);
process.exitCode = status || attacked;
