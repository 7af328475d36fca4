import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver } from '../host/driver';
import {
  asked,
  click,
  environments,
  forgetNotices,
  notified,
  openShell,
  place,
  row,
  setEnvironments,
  tooltipOf,
  VIEW,
  welcomed,
} from './environmentSupport';
import { cliCommand, RemoteServer } from './remoteServer';
import { api, cleanUp, isAlive, output, ready, run, stateOf, shows } from './support';

/** Two are to differ in every word that a row may have. */
const FAR = 'far-box';
const NEAR = 'near-pipe';
/** As exec-servers call it. */
const OS = process.platform === 'darwin' ? 'macos' : process.platform;

describe('environments', () => {
  const far = new RemoteServer();
  const near = { id: NEAR, ...cliCommand('--listen', 'stdio') };

  before(async function () {
    needsDriver(this);
    await ready();
    await far.start();
    await driver.openView('Exec Server');
    await driver.openPane(VIEW);
  });
  afterEach(forgetNotices);
  after(async () => {
    await setEnvironments(undefined);
    await cleanUp();
    await far.dispose();
  });

  it('the setting is live: an entry is a row, and a wrong one says what is wrong', async () => {
    await setEnvironments([
      { id: FAR, url: far.url },
      near,
      { id: FAR, url: 'ws://127.0.0.1:1' },
      { id: 'bad', url: 'box:1' },
    ]);
    await place(NEAR, 'not connected');
    await place('bad', 'must begin with ws:// or wss://');
    await place(FAR, 'Another environment has this');
    await place(FAR, 'not connected');
    const sentence = await notified('bad: The URL must begin with ws:// or wss://');
    assert.match(sentence, /far-box: Another environment has this "id" already; choose another one\./);
    await setEnvironments([{ id: FAR, url: far.url }, near]);
    await eventually(
      async () => !(await driver.treeRows(VIEW)).some(({ text }) => text.includes('bad')),
      'no such row',
    );
  });

  it('nothing is connected before it is used; a token is asked for once, and kept', async () => {
    await assert.rejects(api.start({ command: 'true', environment: FAR }), /far-box.*token/);
    void run('environment.changeToken', FAR);
    await asked('Token (leave empty if none)');
    await driver.answer(far.token);
    await place(FAR, 'connected', OS);
    await place(NEAR, 'not connected');
    await run('environment.disconnect', FAR);
    await place(FAR, 'not connected');
    await click(`${VIEW} > ${FAR}`, 'Connect');
    await place(FAR, 'connected');
  });

  it('two at once: a shell in each, typed into, in the one tree', async () => {
    for (const [id, sum] of [
      [NEAR, 42],
      [FAR, 1042],
    ] as const) {
      await openShell(id);
      await driver.typeInTerminal(`echo sum-$((${sum - 2}+2)) at $PPID`);
      await shows(new RegExp(`sum-${sum} at \\d+`));
    }
    const listed = await api.list();
    assert.deepEqual(listed.map(({ environment, pid }) => [environment, pid]).sort(), [
      [FAR, null],
      [NEAR, null],
    ]);
    await place(FAR, 'connected', '1 running');
    await place(NEAR, 'connected', '1 running');
    await driver.screenshot('environments');
    const tooltip = await tooltipOf(FAR);
    for (const part of [
      'State connected',
      far.url,
      'Answers in',
      'Shell /',
      'System',
      far.folder,
      'Running 1',
    ])
      assert.ok(tooltip.includes(part), `${part} in ${tooltip}`);
  });

  it('Kill by a click ends what runs there', async () => {
    const { processId } = await api.start({ command: 'sleep 1000 & echo pid $!; wait', environment: FAR });
    const pid = await eventually(
      async () => Number(/pid (\d+)/.exec(await output(processId))?.[1]),
      'its pid, which it says itself',
    );
    await row('sleep 1000', 'running');
    await click('sleep 1000', 'Kill');
    await eventually(async () => (await stateOf(processId)) === 'killed', 'killed');
    await eventually(() => !isAlive(pid), 'gone over there');
    await row('sleep 1000', 'killed');
  });

  it('what other extensions start elsewhere runs there, with that machine’s folder and shell', async () => {
    const { processId, pid } = await api.start({
      command: 'pwd; echo "$X"; exit 3',
      env: { X: 'yes' },
      environment: FAR,
    });
    assert.equal(pid, null);
    const read = await eventually(async () => {
      const result = await api.read({ processId });
      return result.closed && result;
    }, 'the end');
    assert.equal(read.exitCode, 3);
    assert.match(read.chunks.map(({ text }) => text).join(''), /exec-server-far-\w+\nyes\n/);
    await assert.rejects(
      api.start({ command: 'true', environment: 'nowhere' }),
      /there is no environment "nowhere"/,
    );
    await assert.rejects(api.start({ command: 'true', cwd: 'here', environment: FAR }), /absolute/);
  });

  it('a terminal profile opens a shell wherever one likes', async () => {
    for (const terminal of vscode.window.terminals) terminal.dispose();
    void vscode.commands.executeCommand('workbench.action.terminal.newWithProfile');
    await driver.quickPick('Shell in an Environment');
    await asked('Open a shell in');
    await driver.quickPick(FAR);
    await eventually(
      () => vscode.window.terminals.some(({ name }) => name.includes(FAR)),
      'a terminal of that name',
    );
    await driver.typeInTerminal('echo profile-$((3+4))');
    await shows(/profile-7/);
  });

  const untilGrey = (text: string, isGrey = true): Promise<boolean> =>
    eventually(
      async () => {
        const { label, disabled } = await driver.rowColors(text);
        return (label === disabled) === isGrey;
      },
      `${text} is ${isGrey ? '' : 'not '}grey`,
    );

  it('a killed server: its rows are grey and say lost, nothing starts here instead, and Reconnect works once it is back', async () => {
    const { processId } = await api.start({ command: 'sleep 1001', environment: FAR });
    await row('sleep 1001');
    await untilGrey('sleep 1001', false);
    await far.kill();
    await place(FAR, 'reconnecting');
    await untilGrey('sleep 1001');
    // It comes back without its memory.
    await far.start();
    await row('sleep 1001', 'lost');
    await row('Shell', FAR, 'lost');
    await place(FAR, 'lost');
    assert.equal(await stateOf(processId), 'lost');
    await untilGrey(`${FAR} · lost`);
    await driver.screenshot('environment-lost');
    await far.kill();
    await assert.rejects(api.start({ command: 'true', environment: FAR }), new RegExp(FAR));
    assert.ok(
      (await api.list()).every(({ environment, state }) => environment !== null || state !== 'running'),
    );
    await far.start();
    await click('sleep 1001', 'Reconnect');
    await place(FAR, 'connected');
    const again = await api.start({ command: 'echo back', environment: FAR });
    await eventually(async () => (await output(again.processId)).includes('back'), 'it answers');
    assert.equal(await stateOf(processId), 'lost');
    await untilGrey('sleep 1001');
    await untilGrey('echo back', false);
  });

  it('a killed program is lost at once; the terminal says why', async () => {
    const { processId } = await api.start({
      command: 'sleep 1002 & echo parent $PPID; wait',
      environment: NEAR,
    });
    const parent = await eventually(
      async () => Number(/parent (\d+)/.exec(await output(processId))?.[1]),
      'the pid of the program',
    );
    await run('process.open', processId);
    process.kill(parent, 'SIGKILL');
    await row('sleep 1002', 'lost');
    await shows(/\[lost after .*exec-server transport disconnected/);
    await click(`${VIEW} > ${NEAR}`, 'Reconnect');
    await place(NEAR, 'connected');
  });

  it('Disconnect and Remove by a click; the token is forgotten', async () => {
    await cleanUp();
    await click(`${VIEW} > ${NEAR}`, 'Disconnect');
    await place(NEAR, 'not connected');
    await run('environment.remove', NEAR);
    await run('environment.remove', FAR);
    await welcomed();
    assert.deepEqual(environments(), []);
    await setEnvironments([{ id: FAR, url: far.url }]);
    await assert.rejects(api.start({ command: 'true', environment: FAR }), /token/);
  });
});
