/** The real Codex CLI in the middle of a turn while the window of its folder is reloaded, and ends nothing. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CASE_MS, START_MS } from '../../scripts/host/patience.mjs';
import { terminalText } from '../../scripts/host/keyboard.mjs';
import { pressRow } from '../../scripts/host/press.mjs';
import { openView } from '../../scripts/host/workbench.mjs';
import { exec, stdin, ToolResult, type ToolCall } from '../agents/calls';
import { runCodex, type CodexResult } from '../agents/codexRun';
import { MockModel } from '../agents/mockModel';
import { eventually } from '../editor/host/driver';
import { endKeptServer } from './keptServers';
import { openWindow, type Browser, type Editor } from './openWindow';
import { untilRow } from './untilRow';

const RELOADS = 5;
/** Codex waits so long at least for more output, in ms. */
const POLL_MS = 5000;
/** Prints numbered lines until the file is there that its argument names. */
const NUMBERS =
  'i=0; while [ ! -e "$1" ]; do i=$((i+1)); echo "line $i"; sleep 0.05; done; echo "lines=$i"; exit 3';

describe('Codex while the window is reloaded that keeps its commands running', function () {
  this.timeout(2 * CASE_MS);
  let editor: Editor;
  let browser: Browser;
  let model: MockModel;
  let url: string;
  let ended: Promise<CodexResult>;

  before(async () => {
    ({ editor, browser } = await openWindow({ 'execServer.keepRunning': true }));
    await openView(browser.page, 'Exec Server');
    url = await eventually(() => editor.connection(), 'a door', START_MS);
    model = await MockModel.open();
    ended = runCodex({
      ...{ work: editor.workspace, home: join(dirname(editor.workspace), 'codex') },
      ...{ model: model.baseUrl, url, limit: 2 * CASE_MS },
    });
    void ended.then(() => model.end('Codex has ended'));
  });
  after(async () => {
    await model.close();
    await endKeptServer(editor);
    await editor.stop(browser.close);
  });

  const told = async (call: ToolCall): Promise<ToolResult> => new ToolResult((await model.turn([call]))[0]);

  it(`over ${RELOADS} reloads all output reaches its model, once, and what it types its command; it notices nothing`, async () => {
    const { page } = browser;
    const [script, stop] = [join(editor.workspace, 'numbers.sh'), join(editor.workspace, 'stop')];
    writeFileSync(script, NUMBERS);
    const begun = await told(exec(`exec sh ${script} ${stop}`, { yield_time_ms: 500 }));
    const build = begun.session ?? assert.fail(begun.text);
    let output = begun.output;
    const asks = await told(exec('read -r line; echo "got=$line."', { tty: true, yield_time_ms: 500 }));
    for (let reload = 0; reload < RELOADS; reload++) {
      await untilRow(browser, 'numbers.sh');
      const polled = told(stdin(build, '', POLL_MS));
      await page.reload();
      const { text, session, output: more } = await polled;
      assert.equal(session, build, text);
      output += more;
    }
    await untilRow(browser, 'read -r line');
    const answered = await told(stdin(asks.session ?? assert.fail(asks.text), 'by the model\n'));
    assert.match(answered.output, /got=by the model\./);
    await untilRow(browser, 'numbers.sh');
    await pressRow(page, 'numbers.sh');
    await eventually(async () => /line \d+/.test(await terminalText(page)), 'its terminal', START_MS);
    writeFileSync(stop, '');
    const last = await told(stdin(build, ''));
    output += last.output;
    assert.equal(last.exitCode, 3);

    const lines = Number(/lines=(\d+)/.exec(output)?.[1]);
    assert.ok(lines > 100, output);
    const all = Array.from({ length: lines }, (_, at) => `line ${at + 1}\n`);
    assert.equal(output, `${all.join('')}lines=${lines}\n`);
    await eventually(async () => (await terminalText(page)).includes(`lines=${lines}`), 'the end', START_MS);
    await model.finish('Done.');
    const { exitCode, events, stderr } = await ended;
    assert.equal(exitCode, 0, stderr);
    assert.doesNotMatch(JSON.stringify(events) + stderr, /disconnect|reconnect|error/i);
    assert.equal(editor.connection(), url);
  });
});
