import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openPage } from '../../scripts/host/browser.mjs';
import { clickDialog } from '../../scripts/host/dialogs.mjs';
import { CASE_MS, START_MS } from '../../scripts/host/patience.mjs';
import { clickButton, openView, runCommand, treeRows, viewText } from '../../scripts/host/workbench.mjs';
import { eventually } from '../editor/host/driver';
import { WireClient } from '../editor/suite/wireClient';
import { alive, gone } from '../wire/procfs';
import { endKeptServer, recordsOf } from './keptServers';
import { openWindow, type Browser, type Editor } from './openWindow';
import { untilRow } from './untilRow';

/** For what is not to happen. */
const QUIET_MS = 3000;

describe('an untrusted workspace whose commands are to be kept running', function () {
  this.timeout(CASE_MS);
  let editor: Editor;
  let browser: Browser;
  let other: Browser | undefined;

  before(async () => {
    ({ editor, browser } = await openWindow({ 'execServer.keepRunning': true }, true));
    await openView(browser.page, 'Exec Server');
  });
  after(async () => {
    await endKeptServer(editor);
    await other?.close();
    await editor.stop(browser.close);
  });

  const untrusted = async ({ page }: Browser): Promise<void> => {
    await openView(page, 'Exec Server');
    const text = (): Promise<string> => viewText(page);
    await eventually(async () => (await text()).includes('Manage Workspace Trust'), 'the view', START_MS);
  };

  /** How many windows have come to the kept server, by its time-line. */
  function attached(): number {
    const folder = path.dirname(editor.workspace);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const lines = files
      .filter((name) => name.includes('happened') && name.endsWith('.jsonl'))
      .flatMap((name) => readFileSync(path.join(folder, name), 'utf8').split('\n'));
    return lines.filter((line) => line.includes('"kind":"attached"')).length;
  }

  it('starts no server', async () => {
    await untrusted(browser);
    await setTimeout(QUIET_MS);
    assert.equal(existsSync(path.join(editor.state, 'exec-server', 'windows')), false);
    assert.equal(editor.connection(), undefined);
  });

  it('is not attached to what runs for a window that is trusted; End Everything ends that', async () => {
    await runCommand(browser.page, 'Workspaces: Manage Workspace Trust');
    await clickButton(browser.page, 'Trust');
    const url = await eventually(() => editor.connection(), 'a door', START_MS);
    const agent = await WireClient.connect(url, { clientName: 'Tester' });
    await agent.start('long', 'exec sleep 1076');
    // The page with the button covers the view.
    await browser.page.keyboard.press('Escape');
    await openView(browser.page, 'Exec Server');
    await untilRow(browser, 'sleep 1076');
    const { pid: kept = 0 } = recordsOf(editor).find((record) => record.kept) ?? {};
    assert.equal(attached(), 1);

    // What is trusted the browser knows, and another one does not.
    other = await openPage();
    await other.page.goto(editor.address ?? '');
    await untrusted(other);
    await setTimeout(QUIET_MS);
    assert.deepEqual(await treeRows(other.page), []);
    assert.equal(attached(), 1);
    assert.equal(alive(kept), true);
    await runCommand(other.page, 'Exec Server: End Everything');
    // It cannot name what runs, but asks.
    await other.page.locator('.monaco-dialog-box').getByText('does not show what that is').waitFor();
    assert.equal(alive(kept), true);
    await clickDialog(other.page, 'End Everything');
    await gone(kept);
    await agent.closed;
  });
});
