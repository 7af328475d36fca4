#!/usr/bin/env node
// The editor suite inside a real extension host, beside a real workbench in a real browser.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/prepare.mjs';
import { report } from '../../scripts/host/results.mjs';
import { testInEditor } from '../../scripts/host/test-in-editor.mjs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'exec-server-editor-'));
const verdict = await testInEditor({
  extension: ROOT,
  tests: path.join(ROOT, 'out/tests/editor.js'),
  artifacts: path.join(ROOT, 'out/editor'),
  env: { EXEC_SERVER_CONNECTION_FILE: path.join(scratch, 'connection.json') },
});
fs.rmSync(scratch, { recursive: true, force: true });
report(verdict);
const { passed, failed, skipped, ok } = verdict;
if (process.env.TEST_TALLY_FILE)
  fs.writeFileSync(process.env.TEST_TALLY_FILE, JSON.stringify({ passed, failed, skipped }));
process.exit(ok ? 0 : 1);
