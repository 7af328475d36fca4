import assert from 'node:assert/strict';
import { CASE_MS, START_MS } from '../../scripts/host/patience.mjs';
import { clickDialog } from '../../scripts/host/dialogs.mjs';
import { openView, runCommand } from '../../scripts/host/workbench.mjs';
import { eventually } from '../editor/host/driver';
import { WireClient } from '../editor/suite/wireClient';
import { openWindow, type Editor, type Browser } from './openWindow';

describe('what ends commands besides asks first, and names them', function () {
  this.timeout(CASE_MS);
  let editor: Editor;
  let browser: Browser;

  before(async () => {
    ({ editor, browser } = await openWindow());
  });
  after(() => editor.stop(browser.close));

  for (const [command, question, yes] of [
    ['Renew Token', 'Renew the token?', 'Renew Token'],
    ['Restart Server', 'Restart the server?', 'Restart Server'],
    ['Stop Server', 'Stop the server?', 'Stop Server'],
  ] as const) {
    it(`${command}: a no leaves them, a yes ends them`, async () => {
      // After a change the file may still name the last token for a moment.
      const client = await eventually(
        () => WireClient.connect(editor.connection() ?? '').catch(() => undefined),
        'the connection',
        START_MS,
      );
      await client.start('p', 'exec sleep 1041');
      await openView(browser.page, 'Exec Server');
      const dialog = browser.page.locator('.monaco-dialog-box');
      for (const answer of ['Cancel', yes]) {
        await runCommand(browser.page, `Exec Server: ${command}`);
        await dialog.getByText(question).waitFor();
        await dialog.getByText('1 running command will be stopped: exec sleep 1041').waitFor();
        await clickDialog(browser.page, answer);
        await dialog.waitFor({ state: 'detached' });
        if (answer === 'Cancel') await client.request('environment/status', {});
      }
      assert.equal(await client.closed, 1001);
    });
  }
});
