import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver } from '../host/driver';
import {
  api,
  cleanUp,
  clickAction,
  exited,
  node,
  output,
  ready,
  rowWith,
  run,
  shows,
  stateOf,
  withSetting,
} from './support';

/** Says what it gets on a raw terminal, byte for byte. */
const rawEcho =
  'process.stdin.setRawMode(true); process.stdin.on("data", (d) => console.log("<" + d.toString("hex") + ">")); console.log("ready");';

/** What `rawEcho` got so far. */
const hex = (text: string): string => [...text.matchAll(/<([0-9a-f]*)>/g)].map(([, bytes]) => bytes).join('');

describe('terminals', () => {
  before(ready);
  beforeEach(async function () {
    needsDriver(this);
    await driver.openView('Exec Server');
  });
  afterEach(cleanUp);

  it('a click on the row opens it and leaves the focus in the tree', async () => {
    await api.start({ command: 'echo visible; sleep 1000' });
    await rowWith('echo visible');
    await driver.clickRow('echo visible');
    await shows(/visible/);
    const focus = await driver.activeElement();
    assert.ok(!focus.terminal, JSON.stringify(focus));
    await driver.screenshot('terminal-running');
  });

  it('the inline action takes the focus there, and a second time shows the same terminal', async () => {
    await api.start({ command: 'echo visible; sleep 1000' });
    await rowWith('echo visible');
    await clickAction('echo visible', 'Open Terminal');
    await shows(/visible/);
    await eventually(async () => (await driver.activeElement()).terminal, 'focus in the terminal');
    await clickAction('echo visible', 'Open Terminal');
    assert.equal(vscode.window.terminals.length, 1);
  });

  it('typed keys reach a child on a terminal, and only these', async () => {
    const { processId } = await api.start({ ...node(rawEcho), tty: true });
    await eventually(async () => (await output(processId)).includes('ready'), 'ready');
    await run('process.open', processId);
    await shows(/ready/);
    await driver.typeInTerminal('hé');
    await eventually(async () => hex(await output(processId)) === '68c3a90d', 'h, é and Enter');
    await driver.pressKey('Control+c');
    await shows(/<03>/, 'Ctrl-C');
    assert.ok(!/<1b/.test(await output(processId)), 'no answers to questions it never asked');
  });

  it("the child's questions are answered once each, also those from before it was opened", async () => {
    const { processId } = await api.start({
      ...node(
        `${rawEcho} const ask = () => process.stdout.write("\\x1b[5n"); ask(); process.stdin.on("data", (d) => String(d) === "a" && ask());`,
      ),
      tty: true,
    });
    await eventually(async () => (await output(processId)).includes('ready'), 'ready');
    await run('process.open', processId);
    await shows(/ready/);
    await driver.typeInTerminal('a', { enter: false });
    await shows(/<61>\s+<1b5b306e>/, 'the answer to the second');
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal((await output(processId)).split('<1b5b306e>').length, 3, 'two answers');
  });

  it('a pipe gets whole lines, with echo, Backspace, Ctrl-U and Ctrl-D', async () => {
    const { processId } = await api.start({
      ...node(
        'process.stdin.on("data", (d) => console.log(JSON.stringify(String(d)))).on("end", () => console.log("over")); console.log("up")',
      ),
      pipeStdin: true,
    });
    await run('process.open', processId);
    await shows(/up/);
    await driver.typeInTerminal('helpo', { enter: false });
    await driver.pressKey('Backspace');
    await driver.pressKey('Backspace');
    await driver.typeInTerminal('lo');
    await shows(/hello\s+"hello\\n"/, 'echo and answer');
    await driver.typeInTerminal('gone', { enter: false });
    await driver.pressKey('Control+u');
    await driver.typeInTerminal('kept');
    await shows(/"kept\\n"/);
    await driver.pressKey('Control+d');
    await shows(/over\s+\[exited with 0 after/);
    await driver.screenshot('terminal-pipe');
    assert.ok(!(await output(processId)).includes('gone'));
  });

  it('without stdin it says so once, and Ctrl-C still interrupts', async () => {
    const { processId } = await api.start({ command: 'echo up; sleep 1000' });
    await run('process.open', processId);
    await shows(/up/);
    await driver.typeInTerminal('xyz');
    const text = await shows(/input of this command is closed/);
    assert.equal(text.split('input of this command').length, 2);
    await driver.pressKey('Control+c');
    await shows(/\[ended by SIGINT after/);
    assert.equal(await stateOf(processId), 'exited');
  });

  it('does not say of a command that has read to the end of its input that it reads none', async () => {
    const { processId } = await api.start({
      command: 'while read x; do echo "<$x>"; done; echo end; sleep 1000',
      pipeStdin: true,
    });
    await run('process.open', processId);
    await driver.typeInTerminal('one');
    await shows(/<one>/);
    await driver.pressKey('Control+d');
    await shows(/^end$/m);
    await driver.typeInTerminal('two');
    const text = await shows(/^The input of this command is closed, so nothing can be typed/m);
    assert.doesNotMatch(text, /reads no input|<two>/);
  });

  for (const tty of [false, true]) {
    it(`opened late it replays, with the line ends and characters intact${tty ? ', of a terminal with more lines than the panel has' : ''}`, async () => {
      const { processId } = await api.start({ command: "printf 'eins\\nzwei ä🙂\\n'; exit 2", tty });
      await exited(processId);
      await run('process.open', processId);
      const text = await shows(/\[exited with 2 after/);
      // Nothing in between, or what was written would be above what is seen.
      assert.match(text, /^\$ printf .* — Extension · .*\neins\nzwei ä🙂\n\[exited/);
      await driver.screenshot('terminal-ended');
    });
  }

  /** What a program may leave behind so that letters are no letters, or stand in each other's place. */
  const LEFT: Record<string, string> = {
    'another character set': '\\033(0',
    'a shift to another one': '\\033)0\\016',
    'a third one': '\\033*0\\033n',
    'an open string': '\\033]0;title',
    'a place above other lines':
      'longer than what we say and so not gone by itself '.repeat(3) + '\\r\\033[A',
  };
  for (const [what, sequence] of Object.entries(LEFT)) {
    it(`the closing note is readable after ${what}`, async () => {
      const { processId } = await api.start({ command: `printf 'hello\\n${sequence}'; exit 5`, tty: true });
      await exited(processId);
      await run('process.open', processId);
      await shows(/^\[exited with 5 after [\d.]+ s — press any key to close\]$/m);
    });
  }

  it('what we say meanwhile is readable too', async () => {
    const { processId } = await api.start({ command: "printf 'up \\033(0'; sleep 1000" });
    await run('process.open', processId);
    await shows(/up/);
    await driver.typeInTerminal('xyz');
    await shows(/^The input of this command is closed/m);
  });

  it('the size of the terminal reaches the child', async () => {
    const { processId } = await api.start({
      ...node(
        'console.log("ready"); process.stdout.on("resize", () => console.log(process.stdout.columns + "x" + process.stdout.rows)); setInterval(() => 0, 1e6)',
      ),
      tty: true,
    });
    await eventually(async () => (await output(processId)).includes('ready'), 'ready');
    await run('process.open', processId);
    await shows(/\d+x\d+/, 'its new size');
  });

  it('a start opens nothing and takes no focus; with reveal it opens and still takes no focus', async () => {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: '' }));
    const before = await driver.activeElement();
    await api.start({ command: 'echo quiet' });
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(vscode.window.terminals.length, 0);
    await withSetting('reveal', 'onStart', async () => {
      await api.start({ command: 'echo loud' });
      await shows(/loud/);
    });
    await withSetting('reveal', 'onError', async () => {
      await api.start({ command: 'echo fine' });
      await api.start({ command: 'echo broken; exit 1' });
      await shows(/broken/);
    });
    assert.equal(vscode.window.terminals.length, 1, 'one that is revealed takes the place of another');
    assert.deepEqual(await driver.activeElement(), before);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
