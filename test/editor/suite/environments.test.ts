import assert from 'node:assert/strict';
import net from 'node:net';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver, type TreeRow } from '../host/driver';
import { cliCommand, RemoteServer } from './remoteServer';
import { api, cleanUp, isAlive, output, ready, ROW_PATIENCE_MS, run, stateOf } from './support';

const VIEW = 'Environments';
/** Two are to differ in every word that a row may have. */
const FAR = 'far-box';
const NEAR = 'near-pipe';

const rowOf = (view: string, parts: readonly string[]): Promise<TreeRow> =>
  eventually(
    async () => (await driver.treeRows(view)).find(({ text }) => parts.every((part) => text.includes(part))),
    `a row of ${view} with ${parts.join(', ')}`,
    ROW_PATIENCE_MS,
  );
/** A row of a process, or of the one who started it. */
const row = (...parts: string[]): Promise<TreeRow> => rowOf('Processes', parts);
/** A row of an environment. */
const place = (...parts: string[]): Promise<TreeRow> => rowOf(VIEW, parts);

/** The view says how to attach one, and has no rows. Other views may still show what has just ended there. */
const welcomed = (): Promise<true> =>
  eventually(
    async () =>
      ((await driver.viewText(VIEW)).includes('Attach Exec Server…') &&
        (await driver.treeRows(VIEW)).length === 0) ||
      undefined,
    'the welcome, and no environments',
  );

const notified = (part: string): Promise<true> =>
  eventually(
    async () => (await driver.notifications()).some((text) => text.includes(part)) || undefined,
    `a notice with ${part}`,
  );

const asked = (part: string): Promise<true> =>
  eventually(async () => (await driver.question()).includes(part) || undefined, `the question ${part}`);

const shows = (pattern: RegExp): Promise<true> =>
  eventually(
    async () => pattern.test(await driver.terminalText()) || undefined,
    `the terminal shows ${String(pattern)}`,
  );

/** Clicks on an action of a row of one view, once it is not being drawn anew. */
async function click(text: string, action: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 700));
  await driver.clickInline(text, action);
}

const setEnvironments = (value: unknown): Thenable<void> =>
  vscode.workspace
    .getConfiguration('execServer')
    .update('environments', value, vscode.ConfigurationTarget.Global);
const environments = (): unknown => vscode.workspace.getConfiguration('execServer').get('environments');

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
  afterEach(async () => {
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('notifications.hideList');
  });
  after(async () => {
    await setEnvironments(undefined);
    await cleanUp();
    await far.dispose();
  });

  /** Answers the questions of Attach for the far one. */
  const attachFar = async (token: string): Promise<void> => {
    await driver.runCommand('Exec Server: Attach Exec Server');
    await driver.quickPick('An exec-server that listens');
    await asked('The URL of the exec-server');
    await driver.answer('http://nowhere');
    await asked('must begin with ws:// or wss://');
    await driver.answer(far.url);
    await asked('Its token');
    await driver.answer(token);
    await asked('What shall it be called?');
    await driver.answer('local');
    await asked('"local" is this machine');
    await driver.answer(FAR);
  };

  it('with this machine only, a way to attach another is shown', async () => {
    await welcomed();
  });

  it('attaching with a wrong token says so, and leaves nothing behind', async () => {
    await attachFar('wrong');
    await notified('refused the token');
    assert.ok(
      (await driver.notifications()).some((text) => text.includes(FAR)),
      'which one',
    );
    assert.deepEqual(environments(), []);
    await welcomed();
  });

  it('attaching a command that is no exec-server says so, with what it printed', async () => {
    await driver.runCommand('Exec Server: Attach Exec Server');
    await driver.quickPick('A program that speaks the protocol');
    await asked('Program and arguments');
    await driver.answer('/bin/sh -c "echo I am a banner >&2; exit 4');
    await asked('A quote is not closed');
    await driver.answer('/bin/sh -c "echo I am no server >&2; exit 4"');
    await asked('What shall it be called?');
    await driver.answer('shy');
    await notified('I am no server');
    assert.ok(
      (await driver.notifications()).some((text) => text.includes('"shy"')),
      'which one',
    );
    assert.deepEqual(environments(), []);
  });

  it('attaching to what never answers can be given up', async () => {
    // It reads, so that it sees the end of the connection, and says nothing.
    const silent = net.createServer((socket) => void socket.resume().on('error', () => undefined));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    await driver.runCommand('Exec Server: Attach Exec Server');
    await driver.quickPick('An exec-server that listens');
    await asked('The URL of the exec-server');
    await driver.answer(`ws://127.0.0.1:${(silent.address() as net.AddressInfo).port}`);
    await asked('Its token');
    await driver.answer('');
    await asked('What shall it be called?');
    await driver.answer('mute');
    await notified('Connecting to mute');
    await driver.clickNotification('Cancel');
    await eventually(
      () => new Promise<boolean>((resolve) => silent.getConnections((_, count) => resolve(count === 0))),
      'the connection is given up',
    );
    await eventually(async () => !(await driver.notifications()).length, 'nothing more is said about it');
    assert.deepEqual(environments(), []);
    silent.close();
  });

  it('attaching with the right one shows it, and keeps the token out of the settings', async () => {
    await attachFar(far.token);
    const shown = await place(
      FAR,
      'connected',
      'ms',
      process.platform === 'darwin' ? 'macos' : process.platform,
    );
    assert.equal(shown.level, 1);
    await place('This machine');
    assert.deepEqual(environments(), [{ id: FAR, url: far.url }]);
    await run('environment.copyUrl', FAR);
    assert.equal(await vscode.env.clipboard.readText(), far.url);
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
    await place(FAR, 'connected', 'ms');
    await notified('bad: The URL must begin with ws:// or wss://');
    await setEnvironments([{ id: FAR, url: far.url }, near]);
    await eventually(
      async () => !(await driver.treeRows(VIEW)).some(({ text }) => text.includes('bad')),
      'no such row',
    );
  });

  it('two at once: a shell in each, typed into, in the one tree', async () => {
    for (const [id, sum] of [
      [NEAR, 42],
      [FAR, 1042],
    ] as const) {
      await click(`${VIEW} > ${id}`, 'Open a Shell Here');
      await row('Shell', id);
      await eventually(
        async () => (await driver.activeElement()).terminal,
        'the keyboard is in the terminal',
      );
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

  it('a killed server: its rows say lost, nothing starts here instead, and Reconnect works once it is back', async () => {
    const { processId } = await api.start({ command: 'sleep 1001', environment: FAR });
    await far.kill();
    await place(FAR, 'reconnecting');
    // It comes back without its memory.
    await far.start();
    await row('sleep 1001', 'lost');
    await row('Shell', FAR, 'lost');
    await place(FAR, 'lost');
    assert.equal(await stateOf(processId), 'lost');
    await driver.screenshot('environment-lost');
    await far.kill();
    await assert.rejects(api.start({ command: 'true', environment: FAR }), new RegExp(FAR));
    assert.ok(
      (await api.list()).every(({ environment, state }) => environment !== null || state !== 'running'),
    );
    await far.start();
    await click('sleep 1001', 'Reconnect');
    await place(FAR, 'connected', 'ms');
    const again = await api.start({ command: 'echo back', environment: FAR });
    await eventually(async () => (await output(again.processId)).includes('back'), 'it answers');
    assert.equal(await stateOf(processId), 'lost');
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
    await place(NEAR, 'connected', 'ms');
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
