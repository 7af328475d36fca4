import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CASE_MS, START_MS } from '../../scripts/host/patience.mjs';
import { terminalText, typeInTerminal } from '../../scripts/host/keyboard.mjs';
import {
  clickInline,
  fillQuickInput,
  openView,
  quickInputText,
  runCommand,
  treeRows,
} from '../../scripts/host/workbench.mjs';
import { eventually } from '../editor/host/driver';
import { Agent } from '../support/attended/agent';
import { HiddenPrompts } from '../support/hiddenPrompts';
import { memoryHolds } from '../support/memoryOf';
import { holds, writtenFiles, type WrittenFile } from '../support/writtenFiles';
import { openWindow, type Editor, type Browser } from './openWindow';

/** Behind a secret, so that what came before it goes from memory to a file. */
const FLOOD = 'seq 1 60000';

(process.platform === 'linux' ? describe : describe.skip)(
  'a secret that a person types in a window',
  function () {
    this.timeout(CASE_MS);
    const folder = mkdtempSync(path.join(tmpdir(), 'secret-'));
    const secret = randomBytes(12).toString('hex');
    let prompts: HiddenPrompts;
    let editor: Editor;
    let browser: Browser;
    let agent: Agent;
    let host = 0;

    before(async () => {
      prompts = await HiddenPrompts.prepare(path.join(folder, 'prompts'), secret);
      ({ editor, browser } = await openWindow({ 'execServer.retainedBytesPerProcess': 65_536 }));
      const url = await eventually(() => editor.connection(), 'the connection', START_MS);
      agent = await Agent.connect(url, 'Looker');
      await openView(browser.page, 'Exec Server');
      await agent.start('host', ['sh', '-c', 'echo "host=$PPID"']);
      host = Number(/host=(\d+)/.exec(await agent.sees('host', /host=\d+\n/))?.[1]);
    });
    after(async () => {
      agent.close();
      await editor.stop(browser.close);
      await prompts[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    });

    /** What is in the terminal, as a prompt ends. */
    const shown = async (): Promise<string> => `${await terminalText(browser.page)} `;

    /** Starts it, and has it in front of the person once it asks. */
    async function open(id: string, argv: readonly string[], asks: RegExp): Promise<void> {
      const { page } = browser;
      await agent.start(id, argv, { tty: true });
      const said = await agent.sees(id, asks);
      const question = (/[^\r\n]*$/.exec(said)?.[0] ?? '').slice(0, 'Word:'.length);
      // The row of the prompt before may still be drawn.
      const isRow = ({ label, text }: { label: string; text: string }): boolean =>
        label.includes('needs a secret') && text.startsWith(question);
      await eventually(async () => (await treeRows(page)).some(isRow), `the row of ${id}`);
      await clickInline(page, question, 'Open');
      await eventually(async () => asks.test(await shown()), `the terminal of ${id}`);
    }

    /** Every file of the editor, its logs and the extension's storage among them, and output without a name. */
    const files = (): WrittenFile[] => writtenFiles(path.dirname(editor.workspace), host);

    const withSecret = (): string[] =>
      files()
        .filter(({ bytes }) => holds(bytes, secret))
        .map(({ file }) => file);

    it('at the prompts of bash, sudo, su and ssh is nowhere: not in files, on the wire, on the screen, nor in memory', async () => {
      const flooding = {
        ...{ name: 'flood', asks: /Word: $/, accepts: /60000\r?\n$/ },
        argv: ['bash', '-c', `read -rs -p "Word: " word; ${FLOOD}; sleep 1000`],
      };
      for (const { name, argv, asks, accepts } of [...prompts.all, flooding]) {
        await open(name, argv, asks);
        await typeInTerminal(browser.page, secret);
        await agent.sees(name, accepts);
        await eventually(async () => !asks.test(await shown()), 'what comes then');
        assert.ok(!(await terminalText(browser.page)).includes(secret), name);
        assert.deepEqual(memoryHolds(host, secret), [0], name);
        await agent.request('process/read', { processId: name, afterSeq: 0 });
        if (name !== 'flood') await agent.request('process/terminate', { processId: name });
      }
      assert.deepEqual(withSecret(), []);
      assert.ok(!agent.frames.some((bytes) => holds(bytes, secret)));
      assert.ok(
        files().some(({ bytes }) => bytes.includes('"kind":"typed"')),
        'the looking finds the time-line',
      );
      const [found] = memoryHolds(host, 'it has ${#word} letters');
      assert.ok(found, 'the looking finds a command');
    });

    // Not in memory: what a box asks for is text of the editor's (SECURITY.md).
    it('in the box of Send Secret… goes into a pipe, and is in no file and not on the wire', async () => {
      const script = 'read -r a; echo "length ${#a}"; sleep 1000';
      await agent.start('pipe', ['sh', '-c', script], { pipeStdin: true });
      await eventually(
        async () => (await treeRows(browser.page)).some(({ text }) => text.includes('read -r a')),
        'its row',
      );
      await clickInline(browser.page, 'read -r a', 'Open');
      await runCommand(browser.page, 'Exec Server: Send Secret');
      await eventually(async () => /Secret for/.test(await quickInputText(browser.page)), 'the box');
      await fillQuickInput(browser.page, secret);
      await agent.sees('pipe', /length 24/);
      assert.ok(!(await terminalText(browser.page)).includes(secret));
      assert.deepEqual(withSecret(), []);
      assert.ok(!agent.frames.some((bytes) => holds(bytes, secret)));
    });
  },
);
