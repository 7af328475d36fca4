// A small agent for the eye: it connects to an exec-server as the Codex CLI does and starts a few commands.
// node scripts/demo-agent.mjs [URL]     (or EXEC_SERVER_URL, which keeps the token out of the process list)
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import WebSocket from 'ws';

const url = process.argv[2] ?? process.env.EXEC_SERVER_URL;
if (!url) {
  console.error('usage: demo-agent.mjs ws://127.0.0.1:PORT/TOKEN');
  process.exit(2);
}
const folder = process.env.DEMO_FOLDER ?? mkdtempSync(path.join(tmpdir(), 'exec-server-demo-'));
const cwd = pathToFileURL(path.resolve(folder)).href;

/**
 * What it runs, each for something to see: one that works, one that fails, two that wait for a person, one that stays.
 * @type {{ id: string, script: string, windows: string, tty?: boolean }[]}
 */
const COMMANDS = [
  {
    id: 'build',
    script:
      "for n in $(seq 1 240); do printf '[%3d/240] compile src/module-%d.ts\\n' $n $n; sleep 0.5; done; echo 'build finished'",
    windows:
      'for /l %%n in (1,1,240) do @(echo [%%n/240] compile src/module-%%n.ts & ping -n 2 127.0.0.1 > nul)',
  },
  {
    id: 'test',
    script: "echo '12 tests'; sleep 2; echo 'FAIL  adds two numbers: 5 is not 4' >&2; exit 1",
    windows: '@echo 12 tests & ping -n 3 127.0.0.1 > nul & echo FAIL  adds two numbers: 5 is not 4 & exit 1',
  },
  {
    id: 'deploy',
    tty: true,
    script: 'printf \'Deploy to staging? [y/N] \'; read -r answer; echo "Your answer: ${answer:-N}"; sleep 3',
    windows: '@set /p answer="Deploy to staging? [y/N] "',
  },
  {
    id: 'publish',
    tty: true,
    script:
      "stty -echo; printf 'Passphrase of the signing key: '; read -r word; stty echo; echo; echo signed; sleep 3",
    windows: '@set /p word="Passphrase of the signing key: "',
  },
  {
    id: 'serve',
    script: 'echo \'listening on port 5173\'; while sleep 5; do echo "GET / 200 ($(date +%T))"; done',
    windows: '@echo listening on port 5173 & ping -t 127.0.0.1',
  },
];

const WINDOWS = process.platform === 'win32';

const socket = new WebSocket(url);
/** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
const waiting = new Map();
let lastId = 0;

/** @param {string} method @param {object} params @returns {Promise<any>} */
function request(method, params) {
  lastId += 1;
  socket.send(JSON.stringify({ id: lastId, method, params }));
  return new Promise((resolve, reject) => waiting.set(lastId, { resolve, reject }));
}

socket.on('message', (data) => {
  const { id, method, params, result, error } = JSON.parse(String(data));
  const asked = waiting.get(id);
  if (asked) {
    waiting.delete(id);
    if (error) asked.reject(new Error(error.message));
    else asked.resolve(result);
  } else if (method === 'process/exited') {
    console.log(`demo agent: ${params.processId} ended with ${params.exitCode}`);
  }
});
socket.on('open', () => work().catch((error) => fail(error.message)));
socket.on('error', (error) => fail(error.message));
socket.on('close', () => process.exit(0));

async function work() {
  const { environmentInfo } = await request('initialize', {
    clientName: 'demo-agent',
    resumeSessionId: null,
  });
  socket.send(JSON.stringify({ method: 'initialized', params: {} }));
  const shell = environmentInfo?.shell?.path ?? '/bin/sh';
  const suffix = Date.now().toString(36);
  for (const { id, script, windows, tty = false } of COMMANDS) {
    // A file with a short name, as a project's own scripts have.
    const file = `${id}.${WINDOWS ? 'cmd' : 'sh'}`;
    writeFileSync(path.join(folder, file), WINDOWS ? windows : script);
    const argv = WINDOWS ? ['cmd.exe', '/c', file] : [shell, '-c', `sh ${file}`];
    await request('process/start', {
      processId: `${id}-${suffix}`,
      argv,
      cwd,
      env: {},
      envPolicy: { inherit: 'all', ignoreDefaultExcludes: true, exclude: [], set: {}, includeOnly: [] },
      tty,
    });
    console.log(`demo agent: started ${id}`);
  }
}

/** @param {string} message */
function fail(message) {
  console.error(`demo agent: ${message}`);
  process.exit(1);
}
