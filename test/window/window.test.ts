import assert from 'node:assert/strict';
import { CASE_MS, START_MS } from '../../scripts/host/patience.mjs';
import { clickDialog } from '../../scripts/host/dialogs.mjs';
import { notifications, openView, runCommand } from '../../scripts/host/workbench.mjs';
import { eventually } from '../editor/host/driver';
import { WireClient } from '../editor/suite/wireClient';
import { openWindow, type Editor, type Browser } from './openWindow';

/** A shell that prints its own pid and that of a child which has left the shell's process group. */
const FAMILY = 'setsid sleep 1000 & echo $$ $!; wait';

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a window as people have it', function () {
  this.timeout(CASE_MS);
  let editor: Editor;
  let browser: Browser;
  let client: WireClient | undefined;

  const connection = (other = ''): Promise<string> =>
    eventually(
      () => {
        const url = editor.connection();
        return url !== other && url;
      },
      'the connection',
      START_MS,
    );

  before(async () => {
    ({ editor, browser } = await openWindow());
  });
  afterEach(() => client?.close());
  after(() => editor.stop(browser.close));

  /** The pid of the extension host, which is its children's parent. */
  async function hostOf(agent: WireClient): Promise<number> {
    await agent.start('host', 'echo "host=$PPID"');
    return eventually(
      () =>
        agent.notifications
          .filter(({ params }) => params['processId'] === 'host' && params['stream'] === 'stdout')
          .map(({ params }) =>
            Number(/host=(\d+)/.exec(Buffer.from(String(params['chunk']), 'base64').toString())?.[1]),
          )[0],
      'the host',
    );
  }

  /** Starts `count` shells, each with a grandchild; gives all their pids. */
  async function families(agent: WireClient, count: number): Promise<number[]> {
    for (let at = 0; at < count; at += 1) await agent.start(`family-${at}`, FAMILY);
    return eventually(() => {
      const pids = agent.notifications
        .filter(({ method, params }) => method === 'process/output' && params['stream'] === 'stdout')
        .flatMap(({ params }) =>
          Buffer.from(String(params['chunk']), 'base64').toString().trim().split(/\s+/),
        )
        .map(Number);
      return pids.length === 2 * count && pids;
    }, 'the pids');
  }

  it('Kill All asks, and ends nothing at a no, everything with its grandchildren at a yes', async () => {
    client = await WireClient.connect(await connection());
    await openView(browser.page, 'Exec Server');
    const pids = await families(client, 2);
    const dialog = browser.page.locator('.monaco-dialog-box');

    await runCommand(browser.page, 'Exec Server: Kill All');
    await dialog.getByText('Kill 2 running commands?').waitFor();
    await clickDialog(browser.page, 'Cancel');
    await dialog.waitFor({ state: 'detached' });
    assert.deepEqual(pids.filter(alive), pids);

    await runCommand(browser.page, 'Exec Server: Kill All');
    await clickDialog(browser.page, 'Kill 2 Commands');
    await eventually(() => !pids.some(alive), 'all four are gone');
  });

  it('Renew Token says that every agent is disconnected', async () => {
    const before = await connection();
    client = await WireClient.connect(before);
    await runCommand(browser.page, 'Exec Server: Renew Token');
    assert.equal(await client.closed, 1001);
    await eventually(
      async () => (await notifications(browser.page)).some((text) => text.includes('Token renewed')),
      'the notice',
    );
    await assert.rejects(WireClient.connect(before), /401/);
    client = await WireClient.connect(await connection(before));
  });

  it('a reload of the window ends what it started, and opens a new door', async () => {
    const before = await connection();
    client = await WireClient.connect(before);
    const pids = await families(client, 1);
    await browser.page.reload();
    await eventually(() => !pids.some(alive), 'nothing is left behind', START_MS);
    await assert.rejects(WireClient.connect(before));
    client = await WireClient.connect(await connection(before));
  });

  it('a crash of the extension host leaves nothing behind', async () => {
    client = await WireClient.connect(await connection());
    const pids = await families(client, 1);
    process.kill(await hostOf(client), 'SIGKILL');
    await eventually(() => !pids.some(alive), 'nothing is left behind', START_MS);
  });
});
