// To be run with tsx: node --import tsx test/bench/run.mjs
import { main } from './main.ts';

process.exitCode = await main(process.argv.slice(2));
