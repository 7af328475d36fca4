/** Real agents at work in real windows, against stand-ins for their models. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CASE_MS, START_MS } from '../../scripts/host/patience.mjs';
import { openPage } from '../../scripts/host/browser.mjs';
import { launch } from '../../scripts/host/launch.mjs';
import { terminalText } from '../../scripts/host/keyboard.mjs';
import { pressRow } from '../../scripts/host/press.mjs';
import { clickInline, openView, treeRows } from '../../scripts/host/workbench.mjs';
import { ROOT } from '../../scripts/lib/prepare.mjs';
import { environmentsToml } from '../../src/agents/connect/codexFile';
import { findWindow, foldersIn } from '../../src/agents/discovery';
import { agentPrograms } from '../../src/agents/programs/writePrograms';
import { exec, stdin, ToolResult } from '../agents/calls';
import { runCodex, type CodexResult } from '../agents/codexRun';
import { killGroup } from '../agents/child';
import { MockModel } from '../agents/mockModel';
import { drive, missing, NAMES, type Name, type Running } from '../agents/shell/drive';
import { startModel, type Model } from '../agents/shell/models';
import { eventually } from '../editor/host/driver';
import { runs } from '../mcp/processes';
import type { Editor, Browser } from './openWindow';

type Page = Browser;

/** What a command waits for, a file of the workspace. */
const until = (file: string): string => `while [ ! -e ${file} ]; do sleep 0.1; done`;
/** What nothing else sleeps, in seconds, and how a row calls the agent. */
const SHELL_AGENTS: Readonly<Record<Name, { readonly seconds: number; readonly row: string }>> = {
  claude: { seconds: 611, row: 'Claude Code 2' },
  gemini: { seconds: 615, row: 'Gemini CLI' },
  opencode: { seconds: 616, row: 'opencode' },
};
/** The commands of one of them, one after the other. */
const callsOf = (name: Name): { command: string; timeoutMs: number }[] =>
  [
    `echo out; echo err >&2; echo more; sleep ${SHELL_AGENTS[name].seconds}; echo "after $?"; exit 4`,
    `echo before ${name}; ${until('reloaded')}; echo behind; exit 5`,
    `echo open; touch begun-${name}; ${until('closed')}; echo shut; exit 6`,
  ].map((command) => ({ command, timeoutMs: CASE_MS }));

describe('real agents in the windows of their folders', function () {
  this.timeout(2 * CASE_MS);
  let editor: Editor;
  const pages: Page[] = [];
  let folders: { readonly shells: string; readonly codex: string };
  const shells: { readonly name: Name; readonly model: Model; readonly agent: Running }[] = [];
  /** Codex by itself and as the engine of its IDE extension. */
  const codexes: {
    readonly seconds: number;
    readonly model: MockModel;
    readonly ended: Promise<CodexResult>;
  }[] = [];
  /** What is left to be ended, the last first. */
  const endings: (() => unknown)[] = [];

  /** Opens a folder in a window of its own, and waits until agents find it. */
  const open = async (folder: string, of?: Page): Promise<Page> => {
    const page = of ?? (await openPage());
    const address = new URL(editor.address ?? '');
    address.searchParams.set('folder', folder);
    await page.page.goto(address.href);
    await openView(page.page, 'Exec Server');
    const { windows } = foldersIn(join(editor.state, 'exec-server'));
    await eventually(
      () => findWindow(folder, windows).folders[0] === folder,
      'the window is found',
      START_MS,
    );
    return page;
  };
  const texts = async ({ page }: Page): Promise<string> =>
    (await treeRows(page)).map(({ text }) => text).join('\n');
  const shows = (page: Page, ...words: string[]): Promise<boolean> =>
    eventually(
      async () => {
        const all = await texts(page);
        return words.every((word) => all.includes(word));
      },
      `rows with ${words.join(', ')}`,
    );
  const terminal = (page: Page, pattern: RegExp): Promise<boolean> =>
    eventually(async () => {
      assert.match(await terminalText(page.page), pattern);
      return true;
    }, 'its terminal');

  const close = (): Promise<void> =>
    editor.stop(async () => {
      for (const page of pages) await page.close();
    });

  before(async function () {
    const there: Name[] = [];
    for (const name of process.platform === 'linux' ? NAMES : []) {
      const reason = await missing(name);
      if (reason === undefined) there.push(name);
      else console.log(`      skipped: ${reason}`);
    }
    if (there.length === 0) this.skip();
    editor = await launch({ extension: ROOT, desktop: false });
    endings.push(close);
    const root = dirname(editor.workspace);
    folders = { shells: editor.workspace, codex: join(root, 'other') };
    mkdirSync(folders.codex);
    pages.push(await open(folders.shells), await open(folders.codex));
    const programs = agentPrograms(foldersIn(join(editor.state, 'exec-server')));
    for (const seconds of [612, 617]) {
      const model = await MockModel.open();
      endings.push(() => model.close());
      const ended = runCodex({
        work: folders.codex,
        home: join(root, `codex-${seconds}`),
        model: model.baseUrl,
        url: '',
        limit: 2 * CASE_MS,
        environments: environmentsToml(programs.program),
        state: editor.state,
        approve: seconds === 617 ? () => true : undefined,
      });
      void ended.then(() => model.end('Codex has ended'));
      codexes.push({ seconds, model, ended });
    }
    for (const name of there) {
      const model = await startModel(callsOf(name));
      endings.push(() => model.close());
      const at = { home: join(root, name), cwd: folders.shells, model: model.url, programs };
      const agent = await drive({ name, ...at });
      endings.push(() => killGroup(agent.pid));
      shells.push({ name, model, agent });
    }
  });
  after(async () => {
    for (const end of endings.reverse()) await end();
  });

  it('each is a row of its own window, is shown, and is killed there; its model is told', async () => {
    const [left, right] = pages as [Page, Page];
    const ran = codexes.map(({ model, seconds }) =>
      model.turn([exec(`echo out; echo err >&2; sleep ${seconds}; echo "after $?"; exit 4`)]),
    );
    for (const { name } of shells)
      await shows(left, SHELL_AGENTS[name].row, `sleep ${SHELL_AGENTS[name].seconds}`);
    for (const { seconds } of codexes) await shows(right, `sleep ${seconds}`);
    assert.doesNotMatch(await texts(left), /612|617|codex/i);
    assert.doesNotMatch(await texts(right), /61[156]|Claude|Gemini|opencode/);
    for (const { name, model } of shells) {
      const row = `sleep ${SHELL_AGENTS[name].seconds}`;
      await pressRow(left.page, row);
      // Of two pipes nobody knows the order.
      await terminal(left, name === 'claude' ? /out\s*\nerr\s*\nmore/ : /out\s*\n(?:.*\n)*more/);
      await clickInline(left.page, row, 'Kill');
      await eventually(() => model.results().length > 0, `${name} goes on`);
      const [told = ''] = model.results();
      assert.match(told, /out\n(?:.*\n)*(?:after|Exit Code:) 143/, `${name}: ${told}`);
    }
    for (const [index, { seconds }] of codexes.entries()) {
      await pressRow(right.page, `sleep ${seconds}`);
      await terminal(right, /out\s*\nerr/);
      await clickInline(right.page, `sleep ${seconds}`, 'Kill');
      const [output] = (await ran[index]) ?? [];
      const told = new ToolResult(output);
      assert.match(told.output, /^out\nerr\n/);
      assert.notEqual(told.exitCode, 0);
    }
  });

  it('commands of agents with shells of their own outlive a reload of their window, and are shown again', async () => {
    const [left] = pages as [Page, Page];
    for (const { name } of shells) await shows(left, `echo before ${name}`);
    await left.page.reload();
    await openView(left.page, 'Exec Server');
    for (const { name } of shells) {
      await shows(left, SHELL_AGENTS[name].row, `echo before ${name}`);
      await pressRow(left.page, `echo before ${name}`);
      await terminal(left, new RegExp(`before ${name}`));
    }
    writeFileSync(join(folders.shells, 'reloaded'), '');
    for (const { name, model } of shells) {
      await eventually(() => model.results().length > 1, `${name} goes on`);
      assert.match(model.results()[1] ?? '', new RegExp(`before ${name}\nbehind`));
    }
    await terminal(left, /before \w+\s*\nbehind/);
  });

  it('a reload of its window ends a command of Codex, whose next one runs in the window that comes', async () => {
    const [, right] = pages as [Page, Page];
    const sessions: number[] = [];
    for (const { model, seconds } of codexes) {
      const command = `echo before; sleep ${seconds}.5`;
      const [begun] = await model.turn([exec(command, { yield_time_ms: 1000 })]);
      assert.match(JSON.stringify(begun), /before/);
      sessions.push(new ToolResult(begun).session ?? 0);
      await shows(right, `sleep ${seconds}.5`);
    }
    await right.page.reload();
    await openView(right.page, 'Exec Server');
    for (const [index, { model, seconds }] of codexes.entries()) {
      const [ended] = await model.turn([stdin(sessions[index] ?? 0, '')]);
      assert.match(String(new ToolResult(ended).exitCode), /^(?:137|143)$/);
      assert.ok(!runs(`sleep\x00${seconds}.5`));
      const next = model.turn([exec(`echo "again ${seconds}"; ${until(`seen-${seconds}`)}; exit 7`)]);
      await shows(right, `again ${seconds}`);
      writeFileSync(join(folders.codex, `seen-${seconds}`), '');
      const told = new ToolResult((await next)[0]);
      assert.deepEqual([told.output, told.exitCode], [`again ${seconds}\n`, 7]);
    }
  });

  it('with the editor closed agents with shells of their own work on, and Codex is told so', async () => {
    for (const { name } of shells)
      await eventually(() => existsSync(join(folders.shells, `begun-${name}`)), `a command of ${name}`);
    await close();
    writeFileSync(join(folders.shells, 'closed'), '');
    for (const { name, model, agent } of shells) {
      await agent.ended;
      assert.match(model.results()[2] ?? '', /open\nshut/, name);
    }
    for (const { model, ended } of codexes) {
      const [output] = await model.turn([exec('touch elsewhere')]);
      assert.match(JSON.stringify(output), /No editor window with Exec Server is open/);
      await model.finish('Done.');
      assert.equal((await ended).exitCode, 0);
    }
    assert.ok(!existsSync(join(folders.codex, 'elsewhere')));
  });
});
