// npm start: an editor with this extension and a small agent at work in it, from a fresh clone on.
// Nothing may be installed yet: until it is, only modules that import Node's own.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureDependencies, must, ROOT } from './lib/prepare.mjs';

await ensureDependencies();
await must(process.execPath, [path.join(ROOT, 'scripts', 'build.mjs')]);
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

// A `code` on PATH may be one that cannot open a window here; then the npm-built editor takes over.
if (!(await work(true)) && !stopping) await work(false);
if (!stopping) process.exit(0);

/** @param {boolean} desktop wished @returns {Promise<boolean>} whether an exec-server ever came up, once the editor has ended */
async function work(desktop) {
  const current = (editor = await launch({ extension: ROOT, desktop }));
  if (current.address) {
    console.log(`\nOpen this address in a browser:\n\n  ${current.address}\n\nCtrl+C ends everything.\n`);
  } else {
    console.log('\nVS Code is opening. Ctrl+C here, or closing its window, ends everything.\n');
  }
  let seen = false;
  await keepAgent(current, (url) => {
    seen = true;
    return startAgent(url, current.workspace);
  });
  if (!stopping) await current.stop();
  // The npm-built editor is the last resort, whatever became of it.
  return seen || current.address !== undefined;
}

/** @param {string} url @param {string} folder for it to work in */
function startAgent(url, folder) {
  const agent = spawn(process.execPath, [path.join(ROOT, 'scripts', 'demo-agent.mjs')], {
    env: { ...process.env, EXEC_SERVER_URL: url, DEMO_FOLDER: folder },
    stdio: 'inherit',
  });
  return { stop: () => agent.kill() };
}
