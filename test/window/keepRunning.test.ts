import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openPage } from '../../scripts/host/browser.mjs';
import { CASE_MS, START_MS } from '../../scripts/host/patience.mjs';
import { clickDialog } from '../../scripts/host/dialogs.mjs';
import { terminalText, typeInTerminal } from '../../scripts/host/keyboard.mjs';
import { pressRow, unfoldRow } from '../../scripts/host/press.mjs';
import { notifications, openView, quickPickRows, runCommand } from '../../scripts/host/workbench.mjs';
import { eventually } from '../editor/host/driver';
import { WireClient } from '../editor/suite/wireClient';
import { alive, gone } from '../wire/procfs';
import { endKeptServer, recordsOf } from './keptServers';
import { openWindow, type Editor, type Browser } from './openWindow';
import { untilRow } from './untilRow';

const RELOADS = 4;
/** Prints numbered lines until the file is there that its argument names. */
const NUMBERS = 'i=0; while [ ! -e "$1" ]; do i=$((i+1)); echo "line $i"; sleep 0.05; done; echo "lines=$i"';

describe('commands that are kept running while the window is reloaded', function () {
  this.timeout(CASE_MS);
  let editor: Editor;
  let browser: Browser;
  let agent: WireClient;
  let url = '';

  /** A window with this time after which everything ends, in minutes, and an agent. */
  async function open(keepRunningIdle: number): Promise<void> {
    const settings = { 'execServer.keepRunning': true, 'execServer.keepRunningIdle': keepRunningIdle };
    ({ editor, browser } = await openWindow(settings));
    await openView(browser.page, 'Exec Server');
    await connect();
  }

  async function connect(): Promise<void> {
    const last = url;
    url = await eventually(() => editor.connection() !== last && editor.connection(), 'a door', START_MS);
    agent = await WireClient.connect(url, { clientName: 'Tester' });
  }

  afterEach(async () => {
    await endKeptServer(editor);
    await editor.stop(browser.close);
  });

  const kept = () => recordsOf(editor).find((record) => record.kept);

  /** Without what a login shell of this machine has to complain of. */
  const outputOf = (id: string): string =>
    agent.notifications
      .filter(({ params }) => params['stream'] !== 'stderr')
      .filter(({ method, params }) => method === 'process/output' && params['processId'] === id)
      .map(({ params }) => Buffer.from(String(params['chunk']), 'base64').toString())
      .join('');

  const told = (id: string, pattern: RegExp): Promise<string> =>
    eventually(() => pattern.exec(outputOf(id))?.[1], `output of ${id} like ${pattern}`, START_MS);

  const terminalShows = (pattern: RegExp): Promise<string> =>
    eventually(
      async () => {
        const text = await terminalText(browser.page);
        return pattern.test(text) && text;
      },
      `a terminal with ${pattern}`,
      START_MS,
    );

  const row = (...parts: string[]): Promise<true> => untilRow(browser, ...parts);

  /** A command that stays, known by its seconds; resolves with its pid. */
  const startSleep = async (seconds: number): Promise<number> => {
    await agent.start('long', `echo "me=$$."; exec sleep ${seconds}`);
    return Number(await told('long', /me=(\d+)\./));
  };

  /** A row of before this window. */
  const earlier = async (...parts: string[]): Promise<void> => {
    await row('Before This Window');
    await unfoldRow(browser.page, 'Before This Window');
    await row(...parts);
  };

  it(`a build goes on through ${RELOADS} reloads, and a terminal is typed into across one; the agent notices nothing`, async () => {
    await open(10);
    let closed = false;
    void agent.closed.then(() => (closed = true));
    const stop = path.join(editor.workspace, 'stop');
    const script = path.join(editor.workspace, 'numbers.sh');
    writeFileSync(script, NUMBERS);
    await agent.start('build', `exec sh ${script} ${stop}`);
    await agent.start('ask', 'read -r line; echo "got=$line."; exec sleep 1071', { tty: true });
    for (let reload = 1; reload <= RELOADS; reload++) {
      await row('numbers.sh');
      await row('read -r line');
      if (reload === 1) {
        await pressRow(browser.page, 'read -r line');
        await terminalShows(/read -r line/);
        await typeInTerminal(browser.page, 'before ', { enter: false });
        await row('you type');
      }
      await browser.page.reload();
      if (reload === 1) {
        await row('you type');
        await pressRow(browser.page, 'read -r line');
        await terminalShows(/before/);
        await typeInTerminal(browser.page, 'after');
        assert.equal(await told('ask', /got=(.*)\./), 'before after');
      }
    }
    await row('numbers.sh');
    await pressRow(browser.page, 'numbers.sh');
    await terminalShows(/line \d+/);
    await agent.start('stop', `: > ${stop}`);
    const lines = Number(await told('build', /lines=(\d+)/));
    const all = Array.from({ length: lines }, (_, at) => `line ${at + 1}`);
    assert.equal(outputOf('build'), `${all.join('\n')}\nlines=${lines}\n`);
    const shown = (await terminalShows(new RegExp(`lines=${lines}`))).match(/^line \d+/gm) ?? [];
    assert.ok(shown.length > 100);
    assert.deepEqual(shown, all.slice(-shown.length));
    assert.equal(closed, false);
    assert.equal(editor.connection(), url);

    await runCommand(browser.page, 'Exec Server: End Everything');
    await browser.page
      .locator('.monaco-dialog-box')
      .getByText('1 running command will be stopped')
      .waitFor({ timeout: START_MS });
    await clickDialog(browser.page, 'End Everything');
    await agent.closed;
    const onlyOff = (): boolean => recordsOf(editor).every(({ kept, off }) => !kept && off === true);
    await eventually(onlyOff, 'nothing is left but the window, which says that its server is off');
    await browser.page.reload();
    await connect();
    await earlier('read -r line', 'you ended everything');
  });

  it('a kept server that is killed takes its commands along; the window says so, and the next one says what they were', async () => {
    await open(10);
    const command = await startSleep(1072);
    const { pid = 0 } = kept() ?? {};
    await row('sleep 1072');
    process.kill(pid, 'SIGKILL');
    await gone(command);
    await eventually(
      async () => (await notifications(browser.page)).some((text) => text.includes('ended without a word')),
      'the notice',
      START_MS,
    );
    await browser.page.reload();
    await eventually(
      async () =>
        (await notifications(browser.page)).some((text) =>
          /The server that kept commands running ended without a word, and with it: .*sleep 1072/.test(text),
        ),
      'the notice of what was ended',
      START_MS,
    );
    await connect();
    await earlier('sleep 1072', 'ended with the kept server');
    await runCommand(browser.page, 'Exec Server: Show What Happened');
    const rows = await quickPickRows(browser.page);
    assert.ok(
      rows.some((text) => text.includes('Tester ran') && text.includes('sleep 1072')),
      rows.join('\n'),
    );
  });

  it('a kept server that is told to end by a signal says so in the window, in its rows and in the time-line', async () => {
    await open(10);
    const command = await startSleep(1074);
    const { pid = 0 } = kept() ?? {};
    await row('sleep 1074');
    process.kill(pid, 'SIGTERM');
    await gone(pid);
    await gone(command);
    await eventually(
      async () =>
        (await notifications(browser.page)).some((text) => text.includes('ended by a signal from outside')),
      'the notice',
      START_MS,
    );
    await browser.page.reload();
    await connect();
    await earlier('sleep 1074', 'a signal ended the kept server');
    await runCommand(browser.page, 'Exec Server: Show What Happened');
    const rows = await quickPickRows(browser.page);
    assert.ok(
      rows.some((text) => text.includes('SIGTERM from outside ended the server')),
      rows.join('\n'),
    );
  });

  it('when no window comes back all of it ends, and nothing is left', async () => {
    await open(0.1);
    const command = await startSleep(1073);
    const { pid = 0, socket = '' } = kept() ?? {};
    await browser.page.close({ runBeforeUnload: true });
    assert.equal(alive(pid), true);
    assert.equal(alive(command), true);
    await gone(pid, START_MS);
    await gone(command);
    assert.deepEqual(readdirSync(path.dirname(socket)), []);
    await browser.close();
    browser = await openPage();
    await browser.page.goto(editor.address ?? '');
    await connect();
    await earlier('sleep 1073', 'no window came back');
  });
});
