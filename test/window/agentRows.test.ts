/** What a person does with the row of an agent, however that came in. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { CASE_MS, START_MS } from '../../scripts/host/patience.mjs';
import { clickDialog } from '../../scripts/host/dialogs.mjs';
import { chooseInMenu } from '../../scripts/host/menus.mjs';
import { openView, treeRows } from '../../scripts/host/workbench.mjs';
import { findWindow, foldersIn } from '../../src/agents/discovery';
import { agentPrograms } from '../../src/agents/programs/writePrograms';
import { eventually } from '../editor/host/driver';
import { WireClient } from '../editor/suite/wireClient';
import { ERAS, open, sessionOf } from '../mcp/clients';
import { pidOf, runs } from '../mcp/processes';
import { start } from '../unit/agents/shell/support';
import { openWindow, type Editor, type Browser } from './openWindow';

/** Ends what sleeps for so long, and nothing else. */
function end(seconds: string): void {
  const pid = pidOf(`sleep\0${seconds}`);
  if (pid !== undefined) process.kill(pid, 'SIGTERM');
}

describe('the row of an agent', function () {
  this.timeout(CASE_MS);
  let editor: Editor;
  let browser: Browser;
  let last = 0;

  /** Seconds that nothing else sleeps. */
  const seconds = (): string => `1${process.pid}.${++last}`;
  const connection = (): Promise<string> => eventually(() => editor.connection(), 'the connection', START_MS);
  const shown = (text: string, is = true): Promise<boolean> =>
    eventually(
      async () => (await treeRows(browser.page)).some((row) => row.text.includes(text)) === is,
      `${is ? '' : 'no '}row with ${text}`,
    );
  /** As Claude Code, opencode and the like start a command. */
  const runItself = (script: string, session: string): ReturnType<typeof start> => {
    const { lookAlikes } = agentPrograms(foldersIn(join(editor.state, 'exec-server')));
    const env = {
      PATH: process.env['PATH'],
      AI_AGENT: 'claude-code_9-8-7_agent',
      CLAUDE_CODE_SESSION_ID: session,
    };
    return start(join(lookAlikes, 'bash'), ['-c', script], { cwd: editor.workspace, env });
  };

  before(async () => {
    ({ editor, browser } = await openWindow());
    await openView(browser.page, 'Exec Server');
    const { windows } = foldersIn(join(editor.state, 'exec-server'));
    await eventually(() => findWindow(editor.workspace, windows), 'the window is found', START_MS);
  });
  after(() => editor.stop(browser.close));

  it('of the wire: Disconnect asks where something runs, then ends it and the connection', async () => {
    const client = await WireClient.connect(await connection(), {
      clientName: 'wired',
      resumeSessionId: null,
    });
    const time = seconds();
    await client.start('p', `exec sleep ${time}`);
    await shown('sleep');
    await chooseInMenu(browser.page, 'wired', 'Disconnect');
    await clickDialog(browser.page, 'Disconnect');
    assert.equal(await client.closed, 1008);
    await eventually(() => !runs(time), 'its command has ended');
  });

  for (const era of ERAS) {
    it(`of the Model Context Protocol: Disconnect ends what it runs, and it may come again: ${era}`, async () => {
      const url = new URL(await connection());
      const server = { url, token: url.pathname.slice(1) };
      const [mine, other] = [await open(era, server, `mine ${era}`), await open(era, server, `other ${era}`)];
      const [time, kept] = [seconds(), seconds()];
      const started = await mine.call('exec_command', { cmd: `sleep ${time}`, yield_time_ms: 250 });
      await other.call('exec_command', { cmd: `sleep ${kept}`, yield_time_ms: 250 });
      await shown(time);
      const waits = mine.call('wait_for', { session_id: sessionOf(started), yield_time_ms: 30_000 });
      await chooseInMenu(browser.page, `mine ${era}`, 'Disconnect');
      await clickDialog(browser.page, 'Disconnect');
      assert.match((await waits).text, /it has ended/);
      await eventually(() => !runs(time), 'its command has ended');
      assert.ok(runs(kept), 'that of the other goes on');
      const again = await open(era, server, `mine ${era}`);
      assert.match((await again.call('list_environments')).text, /this machine/);
      for (const client of [again, other]) await client.close();
      await mine.close().catch(() => undefined);
    });
  }

  it('that runs its commands itself: Disconnect shows no more of it, and its commands go on', async () => {
    const [time, kept] = [seconds(), seconds()];
    const one = runItself(`echo here; sleep ${time}; echo "after $?"; exit 3`, 'left');
    await shown(time);
    await chooseInMenu(browser.page, 'Claude Code 9.8.7', 'Disconnect');
    await shown('Claude Code 9.8.7', false);
    assert.ok(runs(time));
    const next = await runItself('echo unseen', 'left').result;
    assert.deepEqual([next.code, next.stdout], [0, 'unseen\n']);
    // Another conversation is another agent, and comes after what is not shown.
    const two = runItself(`sleep ${kept}`, 'stays');
    await shown(kept);
    assert.ok(!(await treeRows(browser.page)).some(({ text }) => /unseen|here/.test(text)));
    end(time);
    const { code, stdout } = await one.result;
    assert.deepEqual([code, stdout], [3, 'here\nafter 143\n']);
    process.kill(-(two.child.pid ?? 0), 'SIGKILL');
    await two.result;
  });

  it('Kill All Commands of This Agent asks, kills them on a yes, and those of no other', async () => {
    const [first, second, kept] = [seconds(), seconds(), seconds()];
    const mine = [first, second].map((time) => runItself(`sleep ${time}; echo "after $?"`, 'both'));
    const other = await WireClient.connect(await connection(), {
      clientName: 'bystander',
      resumeSessionId: null,
    });
    await other.start('p', `exec sleep ${kept}`);
    for (const time of [first, second, kept]) await shown(time);
    await chooseInMenu(browser.page, 'Claude Code 9.8.7', 'Kill All Commands of This Agent');
    await clickDialog(browser.page, 'Kill 2 Commands');
    for (const { result } of mine) assert.equal((await result).stdout, 'after 143\n');
    await eventually(() => ![first, second].some(runs), 'nothing of it is left');
    assert.ok(runs(kept));
    other.close();
  });
});
