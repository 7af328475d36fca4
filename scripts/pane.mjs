#!/usr/bin/env node
// npm run bench:pane: what the pane costs the editor's host, with 200 running rows, the view shown and hidden.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { ensureDependencies, must, ROOT } from './lib/prepare.mjs';
import { testInEditor } from './host/test-in-editor.mjs';

await ensureDependencies();
await must(process.execPath, ['scripts/build.mjs', '--tests']);
const artifacts = path.join(ROOT, 'out/pane');
const verdict = await testInEditor({
  extension: ROOT,
  tests: path.join(ROOT, 'out/tests/pane.js'),
  artifacts,
});
for (const { title } of verdict.results ?? []) console.log(title);
rmSync(artifacts, { recursive: true, force: true });
process.exit(verdict.ok ? 0 : 1);
