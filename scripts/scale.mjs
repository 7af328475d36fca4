#!/usr/bin/env node
// Usage: node scripts/scale.mjs [attach|window …]
// The figures of docs/SCALING.md: what `attach` over ssh takes beside `ssh true`, by an sshd of its own; and what one
// window with 20 machines and 1,000 processes costs, idle and looked at. Nothing is asserted.
import { ensureDependencies, must, run } from './lib/prepare.mjs';

await ensureDependencies();
await must(process.execPath, ['scripts/build.mjs']);
const args = ['--expose-gc', '--import', 'tsx', 'test/bench/scale/run.mjs', ...process.argv.slice(2)];
process.exitCode = await run(process.execPath, args);
