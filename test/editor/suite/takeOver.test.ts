import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver } from '../host/driver';
import { api, cleanUp, clickAction, output, ready, rowWith, run, shows, withSetting } from './support';

const VIEW = 'Exec Server';
/** Tells each line that it reads; the terminal shows what is typed too. */
const ECHOES = 'while read -r line; do echo "got <$line>"; done';
const ASKS_SECRET =
  'stty -echo; printf "Password: "; read a; stty echo; echo "length ${#a}"; read b; echo "then <$b>"; sleep 1000';

describe('the keyboard of an agent’s command', () => {
  before(ready);
  beforeEach(async function () {
    needsDriver(this);
    await driver.openView(VIEW);
  });
  afterEach(cleanUp);

  const start = async (command: string, more: object = { tty: true }): Promise<string> =>
    (await api.start({ command, clientName: 'Tester', ...more })).processId;
  const writes = (processId: string, text: string): Promise<boolean> =>
    eventually(async () => (await output(processId)).includes(text), `it writes ${text}`);
  const tabSays = (text: string, says = true): Promise<boolean> =>
    eventually(
      async () => (await driver.terminalTabs()).some((tab) => tab.includes(text)) === says,
      `the tab ${says ? 'says' : 'does not say'} ${text}`,
    );

  it('is the person’s once they type, until Give Back; what the agent types meanwhile comes afterwards', async () => {
    const processId = await start(ECHOES);
    await start('sleep 1021');
    assert.deepEqual(await api.write({ processId, data: 'before\r' }), { status: 'accepted' });
    await writes(processId, 'got <before>');
    await run('process.open', processId);
    await shows(/got <before>/);
    await driver.typeInTerminal('mine', { enter: false });
    await rowWith('you have the keyboard');
    assert.deepEqual(await api.write({ processId, data: 'first\r' }), {
      status: 'accepted',
      held: 'person',
    });
    assert.deepEqual(await api.write({ processId, data: 'second\r' }), {
      status: 'accepted',
      held: 'person',
    });
    const row = await rowWith('13 B of the agent wait');
    // What a narrow side bar shows is which command it is.
    assert.match(row.text, /^you type · while read/);
    assert.match(
      await driver.rowTooltip('you type'),
      /Keyboard you have the keyboard, 13 B of the agent wait/,
    );
    await eventually(
      async () => (await driver.notifications()).some((text) => /Tester wants to type into/.test(text)),
      'a notice that the agent waits',
    );
    await run('process.open', processId);
    await driver.typeInTerminal(' alone');
    await writes(processId, 'got <mine alone>');
    assert.ok(!(await output(processId)).includes('first'));
    await run('process.open', await start('sleep 1022'));
    await tabSays('you type');
    await driver.screenshot('take-over');
    await clickAction('while read', 'Give Back');
    await writes(processId, 'got <second>');
    assert.match((await output(processId)).replaceAll('\r', ''), /got <first>\n(?:second\n)?got <second>/);
    await tabSays('you type', false);
    await eventually(
      async () => !(await driver.treeRows()).some(({ label }) => label.includes('you have the keyboard')),
      'the row is quiet',
    );
  });

  it('what a person has in front of them and types into does not call for them, until it asks something else behind their back', async () => {
    const asks = 'printf "One? "; read a; sleep 2; printf "Two? "; read b; sleep 1000';
    const processId = await start(asks);
    await start('sleep 1025');
    const badge = (says: boolean): Promise<boolean> =>
      eventually(
        async () => (await driver.viewBadge(VIEW)).includes('1 command needs you') === says,
        `the badge ${says ? 'counts it' : 'counts nothing'}`,
      );
    const status = async (): Promise<boolean> =>
      (await driver.statusBarText()).some((text) => text.includes('1 command needs you'));
    await rowWith('needs you: One?');
    await badge(true);
    await run('process.takeOver', processId);
    await rowWith('you have the keyboard');
    await badge(false);
    await eventually(async () => !(await status()), 'the status bar is quiet');
    assert.ok(!(await rowWith('Tester')).text.includes('needs you'));
    await shows(/One\?/);
    await driver.typeInTerminal('yes');
    await driver.pressRow('sleep 1025');
    await rowWith('needs you: Two?', 'you have the keyboard');
    await badge(true);
    await rowWith('Tester', '1 command needs you');
    await eventually(status, 'the status bar counts it');
    await run('process.open', processId);
    await badge(false);
  });

  it('stays the agent’s where the setting says so, until Take Over', async () => {
    const processId = await start(ECHOES);
    await withSetting('typingTakesOver', false, async () => {
      await run('process.open', processId);
      await shows(/while read/);
      await driver.typeInTerminal('mine');
      await writes(processId, 'got <mine>');
      assert.deepEqual(await api.write({ processId, data: 'its\r' }), { status: 'accepted' });
      await run('process.takeOver', processId);
      await rowWith('you have the keyboard');
      assert.equal(((await api.write({ processId, data: 'late\r' })) as { held?: string }).held, 'person');
      // In front of the person, so nobody is asked which is meant.
      await run('process.giveBack');
      await writes(processId, 'got <late>');
    });
  });

  it('a secret typed at a prompt is nowhere, and the agent goes on once it is answered', async () => {
    const processId = await start(ASKS_SECRET);
    await writes(processId, 'Password:');
    await rowWith('needs a secret from you: Password:');
    assert.deepEqual(await api.write({ processId, data: 'agent\r' }), { status: 'accepted', held: 'secret' });
    await rowWith('6 B of the agent wait for you');
    await run('process.open', processId);
    await shows(/Password:/);
    await driver.typeInTerminal('hunter2');
    await writes(processId, 'length 7');
    await writes(processId, 'then <agent>');
    assert.ok(!(await output(processId)).includes('hunter2'));
    assert.ok(!(await driver.terminalText()).includes('hunter2'));
    const folder = await mkdtemp(path.join(tmpdir(), 'take-over-'));
    const exported = path.join(folder, 'out.jsonl');
    await run('exportWhatHappened', vscode.Uri.file(exported));
    const timeline = await readFile(exported, 'utf8');
    assert.ok(timeline.includes(`"kind":"typed","row":"${processId}"`));
    assert.ok(!timeline.includes('hunter2'));
    await rm(folder, { recursive: true });
  });

  it('Send Secret… types into a pipe what nobody sees', async () => {
    const processId = await start('read -r a; echo "length ${#a}"; read -r b; echo "then <$b>"; sleep 1000', {
      pipeStdin: true,
    });
    await run('process.open', processId);
    void run('process.sendSecret', processId);
    await eventually(async () => /Secret for/.test(await driver.question()), 'the box');
    assert.deepEqual(await api.write({ processId, data: 'agent\n' }), { status: 'accepted', held: 'person' });
    await driver.screenshot('send-secret');
    await driver.answer('hunter2');
    await writes(processId, 'length 7');
    await writes(processId, 'then <agent>');
    assert.ok(!(await driver.terminalText()).includes('hunter2'));
  });

  const asks = async (): Promise<boolean> => /Secret for/.test(await driver.question());

  it('Send Secret… goes away with its command', async () => {
    const brief = await start('read -r a', { pipeStdin: true });
    void run('process.sendSecret', brief);
    await eventually(asks, 'the box');
    await api.terminate({ processId: brief, force: true });
    await eventually(async () => !(await asks()), 'no box');
  });

  it('Send Secret… types nothing once the terminal shows what is typed', async () => {
    const script =
      'stty -echo; printf "Password: "; read -r a; stty echo; echo shown; read -r b; echo "got <$b>"';
    const changes = await start(script);
    await rowWith('needs a secret from you: Password:');
    void run('process.sendSecret', changes);
    await eventually(asks, 'the box');
    await run('process.open', changes);
    await driver.typeInTerminal('first');
    await writes(changes, 'shown');
    await driver.answer('hunter2');
    await eventually(
      async () =>
        (await driver.notifications()).some((text) => /Nothing was typed: the terminal of/.test(text)),
      'a warning',
    );
    await api.write({ processId: changes, data: 'agent\r' });
    await writes(changes, 'got <agent>');
    assert.ok(!(await output(changes)).includes('hunter2'));
  });

  it('Send Secret… says so where the terminal would show it, and Escape types nothing', async () => {
    const processId = await start(ECHOES);
    let isClosed = false;
    const closed = (): boolean => (isClosed = true);
    run('process.sendSecret', processId).then(closed, closed);
    await eventually(async () => /shows what is typed/.test(await driver.question()), 'the warning');
    await eventually(async () => {
      // The box may not have the keyboard yet.
      await driver.pressKey('Escape');
      return isClosed;
    }, 'the box is closed');
    await api.write({ processId, data: 'agent\r' });
    await writes(processId, 'got <agent>');
  });
});
