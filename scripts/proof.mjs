// Pictures of what the pane is to prove, from the real programs; part of npm run screenshots.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from './attack/host.mjs';
import { terminalText } from './host/keyboard.mjs';
import { chooseInMenu } from './host/menus.mjs';
import { pressRow, unfoldRow } from './host/press.mjs';
import { say, sleep } from './host/run.mjs';
import { clickInline, quickInputText, treeRows } from './host/workbench.mjs';

/** @typedef {import('playwright-core').Page} Page */
/**
 * @typedef {object} Stage
 * @property {Page} page
 * @property {string} folder the workspace
 * @property {(name: string) => Promise<void>} picture
 * @property {<T>(what: string, look: () => T | Promise<T>) => Promise<NonNullable<T>>} until
 */

/** There is no terminal to look at in the first moments. @param {Page} page */
const shown = (page) => terminalText(page).catch(() => '');

const CLICKS = 200;
/** Among them there is no name that is a part of another one. */
const CLICKED = /npm|tsc|vite|eslint|cargo watch|trunk|mdbook|just|pytest|uvicorn|mypy|ruff|celery/;

/** Programs that ask, and programs that are quiet for another reason; each in a terminal. */
const ASKING = [
  'read -p "Deploy to staging? [y/N] " a',
  'ssh-keygen -f .key',
  'python3 -c \'input("Your age: ")\'',
  'read -s -p "Passphrase: " a',
  'select a in red green; do break; done',
];
const QUIET = [
  'for n in $(seq 1000); do printf "\\rDone: %d %% [####    ]" $n; sleep 1; done',
  'less /etc/services',
  'vim -u NONE /etc/hosts',
  'python3 -m http.server --bind 127.0.0.1 0',
  'printf "Compiling? "; sleep 600',
  'bash --norc -i',
];

const SCREENS = {
  vim: 'exec vim -u NONE -c "set number" /etc/services',
  htop: 'exec htop',
  less: 'exec less -N /etc/services',
  top: 'exec top',
};

/** Says so for each that gets away, in the ways that daemons do. */
const ESCAPES = `stay='while :; do sleep 1; done'
setsid sh -c "$stay" &
(setsid sh -c "trap '' TERM; $stay" &)
nohup sh -c "trap '' HUP TERM; $stay" &
(env -i setsid sh -c "$stay" >/dev/null 2>&1 &)
sh -c 'kill -STOP $$; sleep 600' &
echo "five got away"; wait`;

/** 100 MB, of which a line is looked for. */
const LOG = 'seq -f "%09.0f of the log, in which one line is looked for and found again" 1400000';

/** Rows are pressed while the rest of the crowd works. @param {Stage} stage */
export async function clicks({ page, picture, until }) {
  const drawn = (await treeRows(page, 'Processes')).filter(({ level }) => level === 2);
  const rows = drawn.flatMap(({ text }) => CLICKED.exec(text)?.[0] ?? []);
  const names = [...new Set(rows)];
  const missed = [];
  for (let click = 0; click < CLICKS; click++) {
    const name = names[(click * 7) % names.length] ?? '';
    await pressRow(page, name);
    const isOpen = until('its terminal', async () => (await shown(page)).includes(name));
    await isOpen.catch(() => missed.push(name));
  }
  say(`${CLICKS} clicks on ${names.length} of ${drawn.length} rows, ${missed.length} missed`);
  await picture('clicks');
}

/** Asking and quiet programs, a long log, screens of programs, and a kill. @param {Stage} stage @param {string} url */
export async function proof(stage, url) {
  const agent = await Client.greeted(url, { clientName: 'Codex', resumeSessionId: null });
  await killed(stage, agent);
  await log(stage, agent);
  await asking(stage, agent);
  await screens(stage, agent);
  await agent.drop();
}

/** @param {Stage} stage @param {Client} agent @param {string[]} commands @param {boolean} [tty] */
async function start({ folder }, agent, commands, tty = true) {
  const cwd = pathToFileURL(folder).href;
  const env = { PATH: process.env.PATH ?? '', HOME: folder, TERM: 'xterm-256color', LANG: 'C.UTF-8' };
  for (const command of commands) {
    const { error } = await agent.start(command, ['bash', '-c', command], { cwd, env, tty });
    if (error) throw new Error(error.message);
  }
}

/** @param {Client} agent @param {string[]} commands */
async function end(agent, commands) {
  for (const processId of commands) await agent.call('process/terminate', { processId });
}

/** @param {Stage} stage @param {Client} agent */
async function asking(stage, agent) {
  const { page, picture, until } = stage;
  await start(stage, agent, [...QUIET, ...ASKING]);
  await until('all that ask are told from the others', async () =>
    (await treeRows(page)).some(({ text }) => text.includes(`${ASKING.length} commands need you`)),
  );
  await until('the shell is at its prompt', async () =>
    (await treeRows(page)).some(({ text }) => text.includes('at its prompt')),
  );
  await picture('needs-you');
  await end(agent, [...QUIET, ...ASKING]);
}

/** Each is opened when it has been drawing for a while. @param {Stage} stage @param {Client} agent */
async function screens(stage, agent) {
  const { page, picture } = stage;
  const commands = Object.values(SCREENS);
  await start(stage, agent, commands);
  await sleep(3000);
  for (const [name, command] of Object.entries(SCREENS)) {
    await pressRow(page, command.slice(0, 20));
    await sleep(2500);
    await picture(`screen-${name}`);
  }
  await end(agent, commands);
}

/** Written, then saved by the pane, then compared. @param {Stage} stage @param {Client} agent */
async function log(stage, agent) {
  const { page, folder, picture, until } = stage;
  const written = path.join(folder, 'written.log');
  const command = `${LOG} | tee ${written}`;
  await start(stage, agent, [command], false);
  await until('it has ended', async () =>
    (await treeRows(page)).some(({ text }) => text.startsWith('Finished (')),
  );
  await unfoldRow(page, 'Finished (');
  await chooseInMenu(page, 'of the log', 'Save Output As…');
  await until('the box', async () => (await quickInputText(page)).includes('Save Output As'));
  // Under the name that is proposed, once the box has looked at its folder.
  await sleep(1000);
  await page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
  const { size } = statSync(written);
  await until('it is saved', () =>
    readdirSync(folder).some(
      (name) => name.startsWith('seq-') && statSync(path.join(folder, name)).size === size,
    ),
  );
  const compare = `ls -l *.log; sha256sum *.log; grep 1234567 seq-*.log; sleep 600`;
  await start(stage, agent, [compare], false);
  await pressRow(page, 'sha256sum');
  await until('the line', async () => (await shown(page)).includes('001234567 of the log'));
  await picture('log');
  await end(agent, [compare]);
}

/** What has got away is found, and told. @param {Stage} stage @param {Client} agent */
async function killed(stage, agent) {
  const { page, picture, until } = stage;
  await start(stage, agent, [ESCAPES]);
  const row = 'setsid sh';
  await pressRow(page, row);
  await until('they have got away', async () => (await shown(page)).includes('five got away'));
  await page.keyboard.press('ArrowRight');
  await until(
    'who they are',
    async () => (await treeRows(page)).filter(({ level }) => level === 3).length > 5,
  );
  await picture('family');
  await clickInline(page, row, 'Kill');
  await until('what has come of it', async () => (await shown(page)).includes('killed by you'));
  await picture('killed');
}
