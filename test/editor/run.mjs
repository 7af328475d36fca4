#!/usr/bin/env node
// The editor suites inside real extension hosts, beside a real workbench in a real browser.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/prepare.mjs';
import { addTally, emptyTally, report, tallyOf, writeTally } from '../../scripts/host/results.mjs';
import { testInEditor } from '../../scripts/host/test-in-editor.mjs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'exec-server-editor-'));
const tally = emptyTally();

/** One window with its own profile, and what became of it. */
async function runWindow(name, options = {}) {
  const verdict = await testInEditor({
    extension: ROOT,
    tests: path.join(ROOT, `out/tests/${name}.js`),
    artifacts: path.join(ROOT, `out/${name}`),
    ...options,
  });
  report(verdict);
  addTally(tally, tallyOf(verdict));
}

await runWindow('editor', { env: { EXEC_SERVER_CONNECTION_FILE: path.join(scratch, 'connection.json') } });
await runWindow('untrusted', { restricted: true });
fs.rmSync(scratch, { recursive: true, force: true });
writeTally(tally);
process.exit(tally.failed > 0 ? 1 : 0);
