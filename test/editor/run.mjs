#!/usr/bin/env node
// The editor suites inside real extension hosts, beside a real workbench in a real browser.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/prepare.mjs';
import { report } from '../../scripts/host/results.mjs';
import { testInEditor } from '../../scripts/host/test-in-editor.mjs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'exec-server-editor-'));
const tally = { passed: 0, failed: 0, skipped: 0 };

/** One window with its own profile, and what became of it. */
async function runWindow(name, options = {}) {
  const verdict = await testInEditor({
    extension: ROOT,
    tests: path.join(ROOT, `out/tests/${name}.js`),
    artifacts: path.join(ROOT, `out/${name}`),
    ...options,
  });
  report(verdict);
  for (const key of Object.keys(tally)) tally[key] += verdict[key];
}

await runWindow('editor', { env: { EXEC_SERVER_CONNECTION_FILE: path.join(scratch, 'connection.json') } });
await runWindow('untrusted', { restricted: true });
fs.rmSync(scratch, { recursive: true, force: true });
if (process.env.TEST_TALLY_FILE) fs.writeFileSync(process.env.TEST_TALLY_FILE, JSON.stringify(tally));
process.exit(tally.failed > 0 ? 1 : 0);
