import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { clickDialog } from '../../scripts/host/dialogs.mjs';
import { CASE_MS, START_MS } from '../../scripts/host/patience.mjs';
import { unfoldRow } from '../../scripts/host/press.mjs';
import {
  notifications,
  openView,
  quickPickRows,
  runCommand,
  treeRows,
} from '../../scripts/host/workbench.mjs';
import { eventually } from '../editor/host/driver';
import { WireClient } from '../editor/suite/wireClient';
import { openWindow, type Editor, type Browser } from './openWindow';

/** What the extension has logged, in all windows. */
function logLines(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('Exec Server.log'))
    .flatMap((name) => readFileSync(path.join(root, name), 'utf8').split('\n'));
}

describe('what ran before this window', function () {
  this.timeout(CASE_MS);
  let editor: Editor;
  let browser: Browser;
  let last = '';

  before(async () => {
    ({ editor, browser } = await openWindow());
    await openView(browser.page, 'Exec Server');
  });
  after(() => editor.stop(browser.close));

  /** An agent of the window that is there now. */
  async function connect(): Promise<WireClient> {
    const url = await eventually(
      () => editor.connection() !== last && editor.connection(),
      'a door',
      START_MS,
    );
    last = url;
    return WireClient.connect(url, { clientName: 'Tester' });
  }

  const told = async (agent: WireClient, text: RegExp): Promise<string> =>
    eventually(() => {
      const output = agent.notifications
        .map(({ params }) =>
          Buffer.from(typeof params['chunk'] === 'string' ? params['chunk'] : '', 'base64').toString(),
        )
        .join('');
      return text.exec(output)?.[1];
    }, `output like ${text}`);

  const row = (...parts: string[]): Promise<true> =>
    eventually(
      async () =>
        (await treeRows(browser.page)).some(({ text }) => parts.every((part) => text.includes(part))) ||
        undefined,
      `a row with ${parts.join(', ')}`,
      START_MS,
    );

  it('is still listed after a reload, with how it ended', async () => {
    const agent = await connect();
    await agent.start('failed', 'exit 3');
    await agent.start('long', 'echo "host=$PPID"; exec sleep 1051');
    await told(agent, /host=(\d+)/);
    await eventually(
      () => agent.notifications.some(({ method }) => method === 'process/closed'),
      'the end of the short one',
    );
    await browser.page.reload();
    await row('Before This Window (2)');
    await unfoldRow(browser.page, 'Before This Window');
    await row('exit 3', 'Tester');
    await row('exec sleep 1051', 'ended with its window');
  });

  it('after Stop Server says that you stopped it', async () => {
    const agent = await connect();
    await agent.start('stopped', 'echo "host=$PPID"; exec sleep 1053');
    await told(agent, /host=(\d+)/);
    await runCommand(browser.page, 'Exec Server: Stop Server');
    await clickDialog(browser.page, 'Stop Server');
    await agent.closed;
    await browser.page.reload();
    await connect();
    await row('Before This Window');
    await unfoldRow(browser.page, 'Before This Window');
    await row('exec sleep 1053', 'you stopped the server');
    await runCommand(browser.page, 'Exec Server: Show What Happened');
    const rows = await quickPickRows(browser.page);
    assert.ok(
      rows.some((text) => /sleep 1053 ended: you stopped the server/.test(text)),
      rows.join('\n'),
    );
    await browser.page.keyboard.press('Escape');
    last = '';
  });

  it('is in the log at info: who came, what started and how it ended, what was refused, who was turned away', async () => {
    const agent = await connect();
    const door = last;
    // It stays as it is for the next case.
    last = '';
    await agent.start('logged', 'exit 7');
    const none = {
      processId: 'none',
      argv: ['/no/such/program'],
      cwd: 'file:///',
      env: {},
      tty: false,
      arg0: null,
    };
    await assert.rejects(agent.request('process/start', none));
    const { status } = await fetch(new URL('/wrong', door.replace('ws:', 'http:')));
    assert.equal(status, 401);
    const wanted = [
      /\[info\] Tester connected/,
      /\[info\] p\d+ of Tester started: exit 7/,
      /\[info\] p\d+ of Tester ended: exit 7/,
      /\[warn\] A start of Tester came to nothing: .*program: No such file/,
      /\[info\] turned away .*401/,
    ];
    let log: string[] = [];
    const isThere = (): boolean => {
      log = logLines(path.dirname(editor.workspace));
      return wanted.every((line) => log.some((one) => line.test(one)));
    };
    await eventually(isThere, 'all of it').catch((error: unknown) =>
      assert.fail(`${String(error)}\n${log.join('\n')}`),
    );
    assert.ok(!log.join().includes(new URL(door).pathname.slice(1)), 'not the token');
  });

  it('after a crash a notice and its row say what was ended, and the time-line still has it', async () => {
    const agent = await connect();
    await agent.start('crashed', 'echo "host=$PPID"; exec sleep 1052');
    process.kill(Number(await told(agent, /host=(\d+)/)), 'SIGKILL');
    await browser.page.reload();
    await eventually(
      async () =>
        (await notifications(browser.page)).some((text) =>
          /The editor ended without a word, and with it: .*sleep 1052/.test(text),
        ),
      'the notice',
      START_MS,
    );
    await runCommand(browser.page, 'Exec Server: Show What Happened');
    const rows = await eventually(
      async () => {
        const found = await quickPickRows(browser.page);
        return found.some((text) => text.includes('sleep 1052')) && found;
      },
      'the list',
      START_MS,
    );
    assert.ok(
      rows.some((text) => text.includes('Tester ran')),
      rows.join('\n'),
    );
    await browser.page.keyboard.press('Escape');
    await runCommand(browser.page, 'Exec Server: Clear Finished');
    await eventually(
      async () => !(await treeRows(browser.page)).some(({ text }) => text.includes('Before This Window')),
      'nothing is left of it',
      START_MS,
    );
  });
});
