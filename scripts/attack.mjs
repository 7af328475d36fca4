#!/usr/bin/env node
// Usage: node --import tsx scripts/attack.mjs [gate|bytes|orphans|strangers|blocks|finding|memory …]
// Attacks servers of its own in the ways that were found to break one, and prints figures: bad requests and bypasses,
// bytes lost, orphans, strangers killed, the longest block for each message, and the growth of memory for each way to
// make a server hold something, with what is left of it when the clients have gone. Nothing is asserted: the suites do.
import { attackBlocks } from './attack/blocks.mjs';
import { attackBytes } from './attack/bytes.mjs';
import { attackFinding } from './attack/finding.mjs';
import { attackGate } from './attack/gate.mjs';
import { attackMemory } from './attack/memory.mjs';
import { attackOrphans, attackStrangers } from './attack/orphans.mjs';
import { ensureDependencies, must } from './lib/prepare.mjs';

/** @type {Readonly<Record<string, () => Promise<string[]> | AsyncIterable<string>>>} */
const ATTACKS = {
  gate: attackGate,
  bytes: attackBytes,
  orphans: attackOrphans,
  strangers: attackStrangers,
  blocks: attackBlocks,
  finding: attackFinding,
  memory: attackMemory,
};

await ensureDependencies();
await must(process.execPath, ['scripts/build.mjs']);
const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(ATTACKS)) {
  const attack = ATTACKS[name];
  if (!attack)
    throw new Error(`no attack of this name: ${name}; there are ${Object.keys(ATTACKS).join(', ')}`);
  for await (const line of await attack()) console.log(`${name}: ${line}`);
}
