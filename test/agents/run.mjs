#!/usr/bin/env node
// The agent suite against the server inside a real editor: opens one, then runs mocha with the URL that it gives.
import { openPage } from '../../scripts/host/browser.mjs';
import { launch } from '../../scripts/host/launch.mjs';
import { START_MS } from '../../scripts/host/patience.mjs';
import { ROOT, run } from '../../scripts/lib/prepare.mjs';

const editor = await launch({ extension: ROOT, desktop: false });
const browser = await openPage({});
let status;
try {
  await browser.page.goto(/** @type {string} */ (editor.address));
  const url = await connection();
  const mocha = [
    'node_modules/mocha/bin/mocha.js',
    '--reporter',
    'test/support/reporter.cjs',
    'test/agents/**/*.test.ts',
  ];
  status = await run(process.execPath, mocha, { env: { ...process.env, AGENTS_SERVER_URL: url } });
} finally {
  await browser.close();
  await editor.stop();
}
process.exit(status);

/** The ws URL, as soon as the extension has started its server. */
async function connection() {
  for (
    const end = Date.now() + START_MS;
    Date.now() < end;
    await new Promise((next) => setTimeout(next, 100))
  ) {
    const url = editor.connection();
    if (url) return url;
  }
  throw new Error(`the extension gave no connection within ${START_MS / 1000} s`);
}
