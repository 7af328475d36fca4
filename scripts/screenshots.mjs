// npm run screenshots: the pictures of the README, taken in the real workbench while the demo agent works.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPage, untilDrawn } from './host/browser.mjs';
import { terminalText, typeInTerminal } from './host/keyboard.mjs';
import { launch } from './host/launch.mjs';
import { say, sleep } from './host/run.mjs';
import {
  clickInline,
  clickStatusBar,
  openPane,
  openView,
  quickPickRows,
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
    'execServer.environments': [
      { id: 'build-box', url: far.url },
      { id: 'container', program: process.execPath, args: [cli, '--listen', 'stdio'] },
      { id: 'laptop', url: laptop.url },
    ],
  },
});
const { page, close } = await openPage();
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

  agent = spawn(process.execPath, [path.join(root, 'scripts', 'demo-agent.mjs')], {
    env: { ...process.env, EXEC_SERVER_URL: url, DEMO_FOLDER: editor.workspace },
    stdio: 'inherit',
  });
  await until('the build shows up', async () =>
    (await treeRows(page)).some((row) => row.text.includes('build.sh')),
  );
  await clickInline(page, 'build.sh', 'Open');
  // Long enough for the failing command to have failed.
  await until('the terminal shows lines', async () =>
    // There is no terminal to look at in the first moments.
    (await terminalText(page).catch(() => '')).includes('[  8/240]'),
  );
  await picture('processes');

  await clickStatusBar(page, await statusBarName());
  await until('the menu is open', async () => (await quickPickRows(page)).length > 0);
  await picture('menu');
  await page.keyboard.press('Escape');

  await openPane(page, 'Environments');
  // As wide as a person would make it to read its rows.
  await drag(348, 440);
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

/** Moves the edge of the side bar. @param {number} from @param {number} to both in pixels from the left */
async function drag(from, to) {
  await page.mouse.move(from, 400);
  await page.mouse.down();
  await page.mouse.move(to, 400, { steps: 5 });
  await page.mouse.up();
}

/** The item's text is either its name or what runs. */
async function statusBarName() {
  const named = page.locator('.part.statusbar .statusbar-item:visible').filter({ hasText: /exec server/i });
  return (await named.count()) ? 'Exec Server' : 'running';
}

/** @param {string} name */
async function picture(name) {
  await page.mouse.move(700, 300);
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
