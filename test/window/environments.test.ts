import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { CASE_MS, START_MS } from '../../scripts/host/patience.mjs';
import { terminalText, typeInTerminal } from '../../scripts/host/keyboard.mjs';
import { clickInline, openPane, openView, treeRows } from '../../scripts/host/workbench.mjs';
import { ROOT } from '../../scripts/lib/prepare.mjs';
import { eventually } from '../editor/host/driver';
import { openWindow, type Editor, type Browser } from './openWindow';

const CLI = path.join(ROOT, 'dist', 'cli.js');
const VIEW = 'Environments';

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('environments of a window that is loaded anew', function () {
  this.timeout(CASE_MS);
  let far: ChildProcess;
  let editor: Editor;
  let browser: Browser;

  before(async () => {
    far = spawn(process.execPath, [CLI, '--listen', 'ws://127.0.0.1:0', '--auth', 'none'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const url = await new Promise<string | undefined>((resolve) =>
      far.stdout?.once('data', (line) => resolve(/ws:\/\/[\d.:]+/.exec(String(line))?.[0])),
    );
    const near = { id: 'near', program: process.execPath, args: [CLI, '--listen', 'stdio'] };
    const settings = { 'execServer.environments': [{ id: 'far', url }, near] };
    ({ editor, browser } = await openWindow(settings));
    await openView(browser.page, 'Exec Server');
    await openPane(browser.page, VIEW);
  });
  after(async () => {
    await editor.stop(browser.close);
    far.kill();
  });

  const place = (...parts: string[]): Promise<true> =>
    eventually(
      async () =>
        (await treeRows(browser.page, VIEW)).some(({ text }) => parts.every((part) => text.includes(part))) ||
        undefined,
      `a row with ${parts.join(', ')}`,
      START_MS,
    );

  /** Opens a shell there; gives its pid and that of the exec-server which has started it. */
  async function shellIn(id: string): Promise<number[]> {
    await place(id, 'not connected');
    await clickInline(browser.page, `${VIEW} > ${id}`, 'Open a Shell Here');
    await place(id, 'connected', '1 running');
    await eventually(async () => (await terminalText(browser.page)) !== '', 'a prompt', START_MS);
    await typeInTerminal(browser.page, `echo ${id}=$$ server=$PPID`);
    return eventually(
      async () => {
        const said = new RegExp(`${id}=(\\d+) server=(\\d+)`).exec(await terminalText(browser.page));
        return said?.slice(1).map(Number);
      },
      'its pid',
      START_MS,
    );
  }

  it('what ran there has ended, the earlier window’s rows are folded away, and one is connected when it is used', async () => {
    const [nearShell = 0, nearServer = 0] = await shellIn('near');
    const [farShell = 0, farServer = 0] = await shellIn('far');
    assert.equal(farServer, far.pid);
    await browser.page.reload();
    await eventually(
      () => ![nearShell, nearServer, farShell].some(alive),
      'what was started there has ended, and the program with it',
      START_MS,
    );
    assert.ok(alive(farServer), 'a server that others started goes on');
    await place('near', 'not connected');
    await place('far', 'not connected');
    const rows = await eventually(
      async () => {
        const found = await treeRows(browser.page, 'Processes');
        return found.length > 0 && found;
      },
      'what ran before',
      START_MS,
    );
    assert.deepEqual(
      rows.map(({ text }) => text),
      ['Before This Window (2)'],
    );
    await shellIn('far');
    await place('near', 'not connected');
  });
});
