// npm start: an editor with this extension and a small agent at work in it, from a fresh clone on.
// Only Node's own modules up here: nothing else may be installed yet.
import { spawn, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {string} file @returns {number} time of the last change; 0 if the file is not there */
const changedAt = (file) => statSync(`${root}${file}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** @param {string[]} args */
function npm(...args) {
  const { status } = spawnSync('npm', args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}

// npm writes this file at the end of every install.
if (changedAt('node_modules/.package-lock.json') < changedAt('package-lock.json')) npm('ci');
npm('run', 'build');

/** @param {string} folder the agent's @returns {(url: string) => { stop: () => void }} */
const startAgentIn = (folder) => (url) => {
  const agent = spawn(process.execPath, [fileURLToPath(new URL('demo-agent.mjs', import.meta.url))], {
    env: { ...process.env, EXEC_SERVER_URL: url, DEMO_FOLDER: folder },
    stdio: 'inherit',
  });
  return { stop: () => agent.kill() };
};

const { keepAgent, launch } = await import('./host/launch.mjs');
/** @type {import('./host/launch.mjs').Launched | undefined} */
let editor;
let stopping = false;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, async () => {
    if (stopping) return;
    stopping = true;
    await editor?.stop();
    process.exit(0);
  });
}

editor = await launch({ extension: root });
if (editor.address)
  console.log(`\nOpen this address in a browser:\n\n  ${editor.address}\n\nCtrl+C ends everything.\n`);
else console.log('\nVS Code is opening. Ctrl+C here, or closing its window, ends everything.\n');
await keepAgent(editor, startAgentIn(editor.workspace));
if (!stopping) {
  await editor.stop();
  process.exit(0);
}
