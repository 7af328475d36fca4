import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { kill } from '../../../src/editor/commands/stopping';
import { createLog } from '../../../src/editor/show/log';
import { askSecret } from '../../../src/editor/show/steps';
import type { ManagedProcess } from '../../../src/environment';
import { webSocket, type Bad } from '../../clients/badServers';
import { driver, eventually, needsDriver } from '../host/driver';
import { forgetNotices, notified, place, setEnvironments, tooltipOf, VIEW } from './environmentSupport';
import { STEP_MS } from '../../../scripts/host/patience.mjs';
import { api, cleanUp, ready, rowWith, run } from './support';

/** A click on it would run a command here, if it were a link. */
const TRAP = '[Repair the connection](command:execServer.start?%7B%22command%22%3A%22true%22%7D)';
const ICON = '$(verified)';
const MARKDOWN = '**x** https://a.example <http://b.example> ![p](http://c.example/p.png)';

/** As it is read: without the joiners that keep it from being more than text. */
const seen = (text: string): string => text.replace(/[\u2060\ufeff]/g, '').replace(/\s+/g, ' ');

const nothingLive = async (look: () => Promise<string[]>): Promise<void> =>
  assert.deepEqual(await look(), []);

/** Of a tooltip, all but the names of its lines and the block of the command. */
const byOthers = (live: readonly string[]): string[] =>
  live.filter((element) => !/^(?:strong|code) /.test(element) || element.endsWith(' x'));

describe('the words of others are words', () => {
  let server: Bad | undefined;

  before(async function () {
    needsDriver(this);
    await ready();
    await driver.openView('Exec Server');
    await driver.openPane(VIEW);
  });
  afterEach(async () => {
    server?.close();
    await driver.pressKey('Escape');
    await forgetNotices();
    await setEnvironments(undefined);
    await cleanUp();
  });

  /** An exec-server that refuses everyone in words of its own. */
  async function refusing(message: string): Promise<string> {
    server = await webSocket((text, socket) => {
      const { id } = JSON.parse(text) as { id: unknown };
      socket.send(JSON.stringify({ id, error: { code: -32600, message } }));
    });
    await setEnvironments([{ id: 'trap', url: `ws://127.0.0.1:${server.port}` }]);
    await place('trap', 'not connected');
    return message;
  }

  it('in the notice of an exec-server that refuses, in its row and in its tooltip', async () => {
    await refusing(`no. ${TRAP} ${ICON}`);
    void run('environment.connect', 'trap');
    const notice = await notified('Repair the connection');
    assert.ok(seen(notice).includes(`no. ${TRAP} ${ICON}`), notice);
    await nothingLive(driver.liveInNotifications);
    const row = await place('trap', 'not connected');
    assert.ok(seen(row.label).includes(TRAP), row.label);
    assert.ok(seen(await tooltipOf('trap')).includes(TRAP));
    assert.deepEqual(byOthers(await driver.liveInTooltip()), []);
  });

  it('in the notice of a program’s last words', async () => {
    const script = `echo '${TRAP}' >&2; exit 255`;
    await setEnvironments([{ id: 'trap', program: '/bin/sh', args: ['-c', script] }]);
    await place('trap', 'not connected');
    void run('environment.connect', 'trap');
    assert.ok(seen(await notified('Repair the connection')).includes(`“${TRAP}”`));
    await nothingLive(driver.liveInNotifications);
  });

  it('in what the editor itself shows of a failure: of a command, of a terminal profile', async () => {
    await refusing(`no. ${TRAP}`);
    await assert.rejects(api.start({ command: 'true', environment: 'trap' }), (error: Error) => {
      assert.ok(seen(error.message).includes(TRAP) && !error.message.includes(TRAP), error.message);
      return true;
    });
    void vscode.commands.executeCommand('workbench.action.terminal.newWithProfile');
    await driver.quickPick('Shell in an Environment');
    await driver.quickPick('trap');
    await notified('Repair the connection');
    await nothingLive(driver.liveInNotifications);
  });

  it('in the notice of what could not be ended', async () => {
    const log = createLog('words of others');
    const survivor = { pid: 1, command: '[x](command:workbench.action.quit)\n$(check)' };
    // No process of a test outlives SIGKILL.
    const stopReport = { left: [survivor] };
    const stop = async (): Promise<unknown> => stopReport.left;
    const process = { key: 'k', closed: false, stop, stopReport } as unknown as ManagedProcess;
    await kill([process], log);
    log.dispose();
    const notice = await notified('Could not stop');
    assert.ok(seen(notice).includes('[x](command:workbench.action.quit) ⏎ $(check) (1)'), notice);
    await nothingLive(driver.liveInNotifications);
  });

  it('in lists that ask which one', async () => {
    const command = 'sleep 1010 # make -j$(nproc) in $(pwd)';
    await api.start({ command, clientName: `agent ${ICON}` });
    await rowWith('sleep 1010');
    void run('process.copyCommand', undefined);
    const [row = ''] = await driver.quickPickRows();
    assert.ok(seen(row).includes(command), row);
    assert.ok(seen(row).includes(`agent ${ICON} ·`), row);
    await nothingLive(driver.liveInQuickPick);
    await driver.quickPick('sleep 1010');
    await eventually(
      async () => (await vscode.env.clipboard.readText()).endsWith(` -c '${command}'`) || undefined,
      'what is copied is what ran, with nothing in it that is not seen',
    );
  });

  it('in questions', async () => {
    void askSecret(`title ${ICON}`, `prompt ${TRAP} ${ICON}`);
    await eventually(async () => seen(await driver.question()).includes(`prompt ${TRAP} ${ICON}`), 'it asks');
    await nothingLive(driver.liveInQuestion);
  });

  it('in rows and their tooltips', async () => {
    const name = `agent ${ICON} ${MARKDOWN}`;
    await api.start({ argv: ['/bin/sleep', '1011', '$(verified)', '\u202e`**x**`\n'], clientName: name });
    const parent = await rowWith('agent $', 'a.example');
    assert.ok(seen(parent.text).includes(`agent ${ICON} **x** https://a.example`), parent.text);
    // It ends at once.
    await rowWith('sleep 1011', 'exit');
    await nothingLive(driver.liveInRows);
    const tooltip = await eventually(
      async () => {
        const text = await driver.rowTooltip('sleep 1011');
        return text.includes('agent') && text;
      },
      'the tooltip',
      STEP_MS,
    );
    assert.ok(tooltip.includes(`agent ${ICON} **x** https://a.example <http://b`), tooltip);
    assert.ok(tooltip.includes(String.raw`/bin/sleep 1011 '$(verified)' $'\342\200\256`), tooltip);
    assert.deepEqual(byOthers(await driver.liveInTooltip()), []);
  });

  it('in tabs of terminals and their tooltips', async () => {
    const names = ['**a** $(check) www.a.example', '![p](http://c.x/p) `q`'];
    for (const argument of names) {
      const { processId } = await api.start({ argv: ['sh', '-c', argument] });
      await run('process.open', processId);
    }
    await eventually(async () => (await driver.terminalTabs()).length === 2, 'two tabs');
    const tabs = (await driver.terminalTabs()).map(seen);
    for (const [index, part] of ['**a** $(check) www.', '![p](http://c.x/p)'].entries()) {
      assert.ok(
        tabs.some((tab) => tab.includes(part)),
        `${part} in ${tabs.join(', ')}`,
      );
      const tooltip = await driver.tabTooltip(index ? 'c.x' : 'check');
      // An unseen blank is read as one.
      assert.ok(seen(tooltip).replaceAll(' ', '').includes(part.replaceAll(' ', '')), tooltip);
      await nothingLive(driver.liveInTooltip);
    }
  });
});
