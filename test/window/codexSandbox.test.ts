/** Codex in its own default mode, as a person has it who sets no flag, in a real window. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CASE_MS, START_MS } from '../../scripts/host/patience.mjs';
import { unfoldRow } from '../../scripts/host/press.mjs';
import {
  notifications,
  openView,
  quickPickRows,
  rowTooltip,
  runCommand,
  treeRows,
} from '../../scripts/host/workbench.mjs';
import { exec, ToolResult } from '../agents/calls';
import { runCodex, type CodexResult } from '../agents/codexRun';
import { MockModel } from '../agents/mockModel';
import { eventually } from '../editor/host/driver';
import { openWindow, type Browser, type Editor } from './openWindow';

describe('Codex without a flag, in a window', function () {
  this.timeout(2 * CASE_MS);
  let editor: Editor;
  let browser: Browser;
  let model: MockModel;
  let ended: Promise<CodexResult>;

  before(async function () {
    if (process.platform !== 'linux') {
      console.log('      skipped: sandboxes are made on Linux');
      this.skip();
    }
    ({ editor, browser } = await openWindow());
    await openView(browser.page, 'Exec Server');
    const url = await eventually(() => editor.connection(), 'a door', START_MS);
    model = await MockModel.open();
    const home = join(dirname(editor.workspace), 'codex');
    const at = { work: editor.workspace, home, model: model.baseUrl, url, limit: 2 * CASE_MS };
    ended = runCodex({ ...at, sandbox: 'none' });
    void ended.then(() => model.end('Codex has ended'));
  });
  after(async () => {
    await editor.stop(browser.close);
    await model.close();
  });

  /** The row of a command, as text. */
  const row = (...parts: string[]): Promise<string> =>
    eventually(
      async () =>
        (await treeRows(browser.page))
          .map(({ text }) => text)
          .find((text) => parts.every((part) => text.includes(part))),
      `a row with ${parts.join(', ')}`,
    );

  it('reads, is kept from writing, and the pane says all of it', async () => {
    const { page } = browser;
    await model.turn([exec('sleep 615', { yield_time_ms: 1000 })]);
    await row('sleep 615', 'read-only · no network');
    const shield = page.locator('[role="treeitem"]', { hasText: 'sleep 615' }).locator('.codicon-shield');
    await eventually(async () => (await shield.count()) === 1, 'the shield');
    const [output] = await model.turn([exec('pwd; touch made')]);
    const told = new ToolResult(output);
    assert.notEqual(told.exitCode, 0);
    assert.match(told.output, /Read-only file system/);
    assert.ok(told.output.startsWith(editor.workspace), told.output);
    assert.ok(!existsSync(join(editor.workspace, 'made')));

    await row('Finished (1)', '1 failed');
    await unfoldRow(page, 'Finished (');
    await row('touch made', 'exit 1');
    const tooltip = await eventually(async () => {
      const text = await rowTooltip(page, 'touch made');
      return text.includes('Denied') && text;
    }, 'the tooltip');
    assert.match(tooltip, /it failed because of its sandbox/);

    await runCommand(page, 'Exec Server: Show What Happened');
    await eventually(
      async () =>
        (await quickPickRows(page)).some((text) => /touch made failed because of its sandbox/.test(text)),
      'the denial in the time-line',
    );
    await page.keyboard.press('Escape');

    await runCommand(page, 'Exec Server: Check Sandbox');
    await eventually(
      async () =>
        (await notifications(page)).some((text) => /Sandboxes are enforced by \/.*bwrap/.test(text)),
      'the status',
    );
    await model.finish('Done.');
    assert.equal((await ended).exitCode, 0);
  });
});
