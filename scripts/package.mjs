#!/usr/bin/env node
// Usage: node scripts/package.mjs [--target PLATFORM] [--out FILE]
// Packs what has been built as a VSIX: for every platform, or with one platform's binaries alone (linux-x64, …).
import { parseArgs } from 'node:util';
import { packVsix } from './lib/vsix.mjs';

const { values } = parseArgs({ options: { target: { type: 'string' }, out: { type: 'string' } } });
const { target, out = target === undefined ? 'exec-server.vsix' : `exec-server-${target}.vsix` } = values;
await packVsix(out, target);
