// npm run screenshots: the pictures of the README, taken in the real workbench while the demo agent works.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPage, untilDrawn } from './host/browser.mjs';
import { LONG, startCrowd } from './crowd.mjs';
import { clickDialog } from './host/dialogs.mjs';
import { activeElement, terminalText, typeInTerminal } from './host/keyboard.mjs';
import { launch } from './host/launch.mjs';
import { chooseInMenu } from './host/menus.mjs';
import { say, sleep } from './host/run.mjs';
import { clicks, proof } from './proof.mjs';
import { pressRow } from './host/press.mjs';
import {
  clickInline,
  clickRow,
  clickStatusBar,
  openPane,
  openView,
  quickInputText,
  quickPickRows,
  runCommand,
  treeRows,
} from './host/workbench.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = path.join(root, 'media', 'screenshots');
mkdirSync(folder, { recursive: true });

const cli = path.join(root, 'dist', 'cli.js');
/** Other machines, as far as the editor can tell. */
const far = await listen();
let laptop = await listen();

const editor = await launch({
  extension: root,
  desktop: false,
  settings: {
    'workbench.colorTheme': 'Default Dark Modern',
    'terminal.integrated.cursorBlinking': false,
    'window.menuBarVisibility': 'compact',
    'execServer.keepRunning': true,
    'execServer.environments': [
      { id: 'build-box', url: far.url },
      { id: 'container', program: process.execPath, args: [cli, '--listen', 'stdio'] },
      { id: 'laptop', url: laptop.url },
    ],
  },
});
const { page, close } = await openPage();
const stage = { page, folder: editor.workspace, picture, until };
let status = 0;
/** @type {import('node:child_process').ChildProcess | undefined} */
let agent;
try {
  await page.goto(/** @type {string} */ (editor.address));
  await untilDrawn(page);
  await play();
} catch (error) {
  say(error instanceof Error ? error.message : error);
  await picture('../../out/screenshots-failure');
  status = 1;
}
agent?.kill();
far.child.kill();
laptop.child.kill();
await editor.stop(close);
process.exit(status);

async function play() {
  await openView(page, 'Exec Server');
  const url = await until('the exec-server is up', () => editor.connection());
  await sleep(1000);
  await picture('welcome');
  await crowd(url);
  await proof(stage, url);
  await runCommand(page, 'Exec Server: Clear Finished');

  agent = spawn(process.execPath, [path.join(root, 'scripts', 'demo-agent.mjs')], {
    env: { ...process.env, EXEC_SERVER_URL: url, DEMO_FOLDER: editor.workspace },
    stdio: 'inherit',
  });
  // One asks, one has failed: no row moves from then on.
  await until('each command is where it stays', async () => {
    const texts = (await treeRows(page)).map(({ text }) => text);
    return ['Deploy to staging?', 'build.sh', 'Finished ('].every((part) =>
      texts.some((text) => text.includes(part)),
    );
  });
  await clickRow(page, 'build.sh');
  await until('the terminal shows lines', async () =>
    // There is no terminal to look at in the first moments.
    (await terminalText(page).catch(() => '')).includes('[  8/240]'),
  );
  await picture('processes');

  await clickStatusBar(page, await statusBarName());
  await until('the menu is open', async () => (await quickPickRows(page)).length > 0);
  await picture('menu');
  await page.keyboard.press('Escape');
  await takeOver();
  await sendSecret();
  await whatHappened();

  await openPane(page, 'Environments');
  // As wide as a person would make it to read its rows.
  await drag([348, 400], [440, 400]);
  for (const [id, command] of [
    ['laptop', 'echo on the way'],
    ['container', 'uname -sr'],
    ['build-box', 'for n in 1 2 3; do echo "step $n of 3"; done'],
  ]) {
    await sleep(1000);
    await clickInline(page, `Environments > ${id}`, 'Open a Shell Here');
    await until(`a shell in ${id}`, async () =>
      (await treeRows(page)).some(
        ({ text, level }) => level === 1 && text.includes('Shell') && text.includes(id),
      ),
    );
    await sleep(1000);
    await typeInTerminal(page, `PS1='${id}$ '; clear; ${command}`);
  }
  laptop.child.kill('SIGKILL');
  // It comes back without its memory.
  laptop = await listen(laptop.url);
  await until('the laptop is lost', async () =>
    (await treeRows(page, 'Environments')).some(({ text }) => /laptop.*lost/.test(text)),
  );
  await sleep(1500);
  await picture('environments');
  await reloaded();

  await runCommand(page, 'Exec Server: End Everything');
  await clickDialog(page, 'End Everything');
  await until('it has ended', () => editor.connection() === undefined);
}

/** Three agents with thirty commands: rows that hold still, what one is made of, and all of a long output. @param {string} url */
async function crowd(url) {
  const end = await startCrowd(url, editor.workspace);
  await until('the last of them', async () =>
    (await treeRows(page)).some(({ text }) => text.startsWith('Gemini CLI')),
  );
  await clickRow(page, 'uvicorn app:main');
  await page.keyboard.press('ArrowRight');
  await until('what it is made of', async () =>
    (await treeRows(page)).some(({ text }) => text.startsWith('sleep 600')),
  );
  await pressRow(page, 'mypy src');
  await pressRow(page, 'celery worker', 'Control');
  await page.keyboard.press('Control+Alt+f');
  await until('the box', async () => (await activeElement(page)).tag === 'input');
  await page.keyboard.type('serve');
  await picture('many');
  await page.keyboard.press('Escape');
  await clickRow(page, 'uvicorn app:main');
  await page.keyboard.press('ArrowLeft');
  await clicks(stage);
  await clickRow(page, LONG.command);
  await until('its output', async () => (await terminalText(page)).includes(`crate-${LONG.lines} `));
  await chooseInMenu(page, LONG.command, 'Open Output in Editor');
  const lines = page.locator('.part.editor .view-lines').first();
  await until('its end', async () => (await lines.innerText()).includes(String(LONG.lines)));
  await lines.click();
  await page.keyboard.press('Control+f');
  await page.keyboard.type('crate-77777');
  await until('it is found', async () =>
    (await page.locator('.find-widget .matchesCount').innerText()).includes('1 of 1'),
  );
  await picture('output');
  await page.locator('.part.editor .tabs-container .tab').first().click({ button: 'middle' });
  await end();
  await runCommand(page, 'Exec Server: Clear Finished');
  await until('none is left', async () => (await treeRows(page, 'Processes')).length === 0);
}

/** A person types into a command of the agent, which from then on waits. */
async function takeOver() {
  await clickInline(page, 'Deploy to staging?', 'Open');
  await until('the question', async () => (await terminalText(page).catch(() => '')).includes('[y/N]'));
  await typeInTerminal(page, 'y', { enter: false });
  await until('the row says so', async () =>
    (await treeRows(page)).some(({ label }) => label.includes('you have the keyboard')),
  );
  await picture('take-over');
  await clickInline(page, 'you type', 'Give Back');
  await until('it is given back', async () =>
    (await treeRows(page)).every(({ label }) => !label.includes('you have the keyboard')),
  );
  await picture('give-back');
  await typeInTerminal(page, '');
  await until('no row moves from then on', async () =>
    (await treeRows(page)).some(({ text }) => text.includes('Finished (2)')),
  );
}

async function sendSecret() {
  await clickRow(page, 'Passphrase');
  await until('the prompt', async () => (await terminalText(page).catch(() => '')).includes('Passphrase'));
  await runCommand(page, 'Exec Server: Send Secret');
  await until('the box', async () => (await quickInputText(page)).includes('Secret for'));
  await page.locator('.quick-input-widget:visible input.input').fill('twelve dots!');
  await picture('send-secret');
  await page.keyboard.press('Enter');
  await until('the command goes on', async () => (await terminalText(page)).includes('signed'));
}

async function whatHappened() {
  await runCommand(page, 'Exec Server: Show What Happened');
  await until('the list', async () => (await quickPickRows(page)).length > 0);
  await picture('what-happened');
  await page.keyboard.press('Escape');
}

/** What runs is there as it was. */
async function reloaded() {
  await page.reload();
  await untilDrawn(page);
  await openView(page, 'Exec Server');
  await until('the rows', async () => (await treeRows(page)).some(({ text }) => text.includes('build.sh')));
  await clickRow(page, 'build.sh');
  await until('its lines', async () => (await terminalText(page).catch(() => '')).includes('/240]'));
  await sleep(3000);
  await picture('kept');
}

/** An exec-server that listens. @returns {Promise<{ url: string, child: import('node:child_process').ChildProcess }>} */
async function listen(at = 'ws://127.0.0.1:0') {
  const child = spawn(process.execPath, [cli, '--listen', at, '--auth', 'none'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.stdout.once('data', (line) => resolve(/ws:\/\/[\d.:]+/.exec(String(line))?.[0]));
  });
  return { url, child };
}

/** Moves an edge. @param {[number, number]} from @param {[number, number]} to pixels from the left and from the top */
async function drag(from, to) {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(...to, { steps: 5 });
  await page.mouse.up();
}

/** The item's text is either its name or what runs. */
async function statusBarName() {
  const named = page.locator('.part.statusbar .statusbar-item:visible').filter({ hasText: /exec server/i });
  return (await named.count()) ? 'Exec Server' : 'running';
}

/** @param {string} name */
async function picture(name) {
  // Where nothing is that has a hover.
  await page.mouse.move(1100, 150);
  await sleep(600); // hovers fade out
  const file = path.join(folder, `${name}.png`);
  await page.screenshot({ path: file, animations: 'disabled' });
  say(`wrote ${path.relative(root, file)}`);
}

/** @template T @param {string} what @param {() => T | Promise<T>} look @returns {Promise<NonNullable<T>>} */
async function until(what, look) {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(100)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`waited in vain: ${what}`);
}
