#!/usr/bin/env node
// Usage: node scripts/bench.mjs [--quick] [--only NAME] [--rounds N] …; --help tells the rest
// Our server beside the Codex CLI's own: what each takes, as a Markdown table.
import { ensureDependencies, must, run } from './lib/prepare.mjs';

await ensureDependencies();
const args = process.argv.slice(2);
// With another program named there is nothing to build.
if (!args.some((arg) => /^(--ours|--help|-h)\b/.test(arg)))
  await must(process.execPath, ['scripts/build.mjs', '--tests']);
process.exitCode = await run(process.execPath, ['--import', 'tsx', 'test/bench/run.mjs', ...args]);
