import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { CASE_MS, START_MS } from '../../scripts/host/patience.mjs';
import { chooseInMenu } from '../../scripts/host/menus.mjs';
import {
  clickQuickPick,
  fillQuickInput,
  openView,
  quickInputText,
  runCommand,
  viewText,
} from '../../scripts/host/workbench.mjs';
import { eventually } from '../editor/host/driver';
import { WireClient } from '../editor/suite/wireClient';
import { openWindow, type Editor, type Browser } from './openWindow';
import { untilRow } from './untilRow';

const SERVES = `exec ${process.execPath} -e "require('http').createServer((_, a) => a.end('x')).listen(0, '127.0.0.1', function () { console.log('port ' + this.address().port) })"`;

describe('the view of processes', function () {
  this.timeout(CASE_MS);
  let editor: Editor;
  let browser: Browser;
  let agent: WireClient;
  let url = '';

  const connect = async (): Promise<void> => {
    const last = url;
    url = await eventually(() => editor.connection() !== last && editor.connection(), 'a door', START_MS);
    agent = await WireClient.connect(url, { clientName: 'Tester' });
  };
  const row = (...parts: string[]): Promise<true> => untilRow(browser, ...parts);

  before(async () => {
    ({ editor, browser } = await openWindow());
    await openView(browser.page, 'Exec Server');
    await connect();
  });
  after(() => editor.stop(browser.close));

  it('opens in a browser what a command listens on', async () => {
    const { page } = browser;
    await agent.start('serves', SERVES);
    const port = await eventually(
      () =>
        agent.notifications
          .map(({ params }) =>
            Buffer.from((params['chunk'] as string | undefined) ?? '', 'base64').toString(),
          )
          .map((text) => /port (\d+)/.exec(text)?.[1])
          .find(Boolean),
      'the port',
      START_MS,
    );
    await row('createServer');
    const opened = page.waitForEvent('popup', { timeout: START_MS });
    await chooseInMenu(page, 'createServer', 'Open in Browser');
    const popup = await opened;
    assert.ok(popup.url().includes(port), popup.url());
    await popup.close();
  });

  it('shows after a reload what was chosen before, and under what', async () => {
    const { page } = browser;
    await runCommand(page, 'Exec Server: Group Processes By');
    await clickQuickPick(page, 'One list');
    await runCommand(page, 'Exec Server: Filter Processes');
    await eventually(async () => (await quickInputText(page)).includes('Filter Processes'), 'the box');
    await fillQuickInput(page, 'sleep');
    await eventually(async () => (await viewText(page)).includes('Filter: "sleep"'), 'the filter');
    // The editor writes what is to be remembered a moment later.
    await setTimeout(2000);
    await page.reload();
    await connect();
    await agent.start('seen', 'exec sleep 1081');
    await agent.start('unseen', 'exec tail -f /dev/null');
    await row('sleep 1081');
    const text = await viewText(page);
    assert.match(text, /Filter: "sleep"/);
    // A row of the agent's would begin a line.
    assert.doesNotMatch(text, /^Tester|tail -f/m);
    await runCommand(page, 'Exec Server: Show All Processes');
    await row('tail -f');
  });
});
