import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver } from '../host/driver';
import { api, cleanUp, exited, node, output, ready, run, shows } from './support';

/** A screen that is drawn once, and of which then one place changes, for more than memory keeps. */
const DASHBOARD = `
  const out = (text) => process.stdout.write(text);
  out('\\x1b[?1049h\\x1b[2J\\x1b[HHEADER\\x1b[7;1HFOOTER\\x1b[?25l');
  for (let i = 0; i < 200; i++) {
    let text = '';
    for (let n = 0; n < 500; n++) text += '\\x1b[3;5H\\x1b[3' + (n % 8) + 'm' + String(i * 500 + n).padStart(9);
    out(text);
  }
  out('\\x1b[5;1Hready'); setInterval(() => 0, 1e6);`;

const outputDocument = (): vscode.TextDocument | undefined =>
  vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'exec-server-output')
    ?.document;

describe('all of the output', () => {
  before(ready);
  beforeEach(async function () {
    needsDriver(this);
    await driver.openView('Exec Server');
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await cleanUp();
  });

  it('opens in an editor that cannot change it, and follows', async () => {
    const { processId } = await api.start({
      command: 'seq 1 50000; read x; echo "then $x"; sleep 1000',
      pipeStdin: true,
    });
    await eventually(async () => (await api.read({ processId, afterSeq: 0 })).nextSeq > 1, 'output');
    await run('process.openOutput', processId);
    const document = await eventually(() => outputDocument(), 'the document');
    await eventually(
      () => document.lineCount >= 50_000 && document.lineAt(49_999).text === '50000',
      'all of it',
    );
    assert.equal(document.lineAt(0).text, '1');
    await api.write({ processId, data: 'more\n' });
    await eventually(() => document.getText().endsWith('then more\n'), 'what came later');
    await driver.pressKey('z');
    assert.equal(document.lineAt(0).text, '1');
    assert.ok(!document.isDirty);
    await driver.screenshot('output-document');
  });

  it('a terminal that shows less than there is begins with a line that says so', async () => {
    const { processId } = await api.start({ command: 'seq 1 3000' });
    await exited(processId);
    await run('process.open', processId);
    await shows(/3000\s+\[exited with 0/);
    await vscode.commands.executeCommand('workbench.action.terminal.scrollToTop');
    const top = await shows(/^[\d,]+ earlier lines: Open Output in Editor$/m);
    const [, earlier = ''] = /^([\d,]+) earlier/m.exec(top) ?? [];
    const [, next = ''] = /earlier lines: .*\n(\d+)\n/.exec(top) ?? [];
    // Among the earlier ones is the header, which is above.
    assert.equal(Number(earlier.replaceAll(',', '')), Number(next));
    assert.match(top, /^\$ seq 1 3000 — Extension · /m);
    await driver.screenshot('terminal-earlier');
  });

  it('a terminal with much behind it shows the newest lines while it reads, and then all that it has room for', async () => {
    const { processId } = await api.start({ command: 'seq -f "%09.0f of a log that is long" 3000000' });
    await exited(processId);
    await run('process.open', processId);
    const meanwhile = await shows(/^Reading [\d.]+ MiB of earlier output…[^]*003000000 of a log/m);
    assert.doesNotMatch(meanwhile, /earlier lines|exited with/);
    await driver.screenshot('terminal-reading');
    const then = await shows(/003000000 of a log.*\s+\[exited with 0/);
    assert.match(then, /^[\d,]+ earlier lines: Open Output in Editor$/m);
    assert.doesNotMatch(then, /^Reading /m);
  });

  it('the editor knows the command, and where its output begins and ends', async () => {
    const { processId } = await api.start({ command: 'echo first; echo last; exit 3' });
    await exited(processId);
    await run('process.open', processId);
    await shows(/last\s+\[exited with 3/);
    const terminal = vscode.window.activeTerminal;
    await eventually(() => terminal?.shellIntegration, 'shell integration');
    await driver.screenshot('terminal-block');
    await vscode.env.clipboard.writeText('nothing');
    await vscode.commands.executeCommand('workbench.action.terminal.copyLastCommandOutput');
    const copied = await eventually(async () => {
      const text = await vscode.env.clipboard.readText();
      return text !== 'nothing' && text;
    }, 'its output, copied');
    assert.equal(copied.trim(), 'first\nlast');
  });

  it('a screen of a program is the same after more than memory keeps, closed and opened again', async () => {
    const { processId } = await api.start({ ...node(DASHBOARD), tty: true });
    await eventually(async () => (await output(processId)).includes('ready'), 'the end of the drawing');
    for (let time = 0; time < 2; time++) {
      await run('process.open', processId);
      const text = await shows(/ready/);
      assert.match(text, /^HEADER/m);
      assert.match(text, /^FOOTER/m);
      assert.ok(!/skipped|earlier/.test(text), text);
      if (time > 0) continue;
      vscode.window.activeTerminal?.dispose();
      await eventually(() => vscode.window.terminals.length === 0, 'the tab is closed');
    }
    await driver.screenshot('terminal-dashboard');
  });

  it('settings of the extension are found', async () => {
    await run('environment.openSettings');
    await eventually(
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.label === 'Settings',
      'the settings',
    );
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await driver.screenshot('settings-found');
  });
});
